import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, personAt } from '../../support/person.ts';
import { ask, type Program, redeem, startOcis } from './ocis.ts';

/** What desktop 2.11 to 6, Android and iOS send as soon as they see an endpoint for it. */
const WISHES = [
  { client_name: 'ownCloud 2.11.0', redirect_uris: ['http://127.0.0.1'], application_type: 'native' },
  { client_name: 'Android', redirect_uris: ['oc://android.owncloud.com'], application_type: 'native' },
  { client_name: 'iOS', redirect_uris: ['oc://ios.owncloud.com'], application_type: 'native' },
];

test('switched on, the programs register themselves: 201 with id, secret and their times, and they sign in with them (row 80)', async (t) => {
  const signet = await startOcis(t, { dynamic_registration: true });
  const response = await fetch(`${signet.issuer}/.well-known/openid-configuration`);
  const { registration_endpoint } = (await response.json()) as Record<string, string>;
  assert.equal(registration_endpoint, `${signet.issuer}/konnect/v1/register`);
  for (const wish of WISHES) {
    const answer = await fetch(registration_endpoint ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...wish, token_endpoint_auth_method: 'client_secret_basic' }),
    });
    assert.equal(answer.status, 201);
    const registered = (await answer.json()) as Record<string, unknown>;
    assert.equal(registered['client_secret_expires_at'], 0);
    assert.equal(typeof registered['client_id_issued_at'], 'number');
    const [redirect_uri = ''] = wish.redirect_uris;
    const program: Program = {
      client_id: String(registered['client_id']),
      client_secret: String(registered['client_secret']),
      redirect_uri: redirect_uri.replace('http://127.0.0.1', 'http://127.0.0.1:40001'),
    };
    const { code } = answerOf(await personAt(signet).grant(ask({}, program)));
    const { status, body } = await redeem(signet, code, {}, program);
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(String(body['refresh_token']), /\S/);
  }
});

test('off, which is the default, there is no such place, and discovery is silent (row 80)', async (t) => {
  const signet = await startOcis(t);
  const response = await fetch(`${signet.issuer}/.well-known/openid-configuration`);
  assert.equal('registration_endpoint' in ((await response.json()) as object), false);
  for (const method of ['GET', 'POST']) {
    const answer = await fetch(`${signet.issuer}/konnect/v1/register`, { method });
    assert.equal(answer.status, 404);
  }
});
