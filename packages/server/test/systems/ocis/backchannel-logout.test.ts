import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { answerOf, personAt } from '../../support/person.ts';
import { listen } from '../../support/signet.ts';
import { verified } from '../../support/tokens.ts';
import { askWeb, startOcis } from './ocis.ts';

/** What the proxy of ownCloud Infinite Scale checks of a logout token before it forgets the session. */
test('the proxy’s /backchannel_logout hears of the end of a session whose sid the access token carried (rows 82, 83)', async (t) => {
  let take: (form: URLSearchParams) => void;
  const told = new Promise<URLSearchParams>((done) => {
    take = done;
  });
  const proxy = createServer(async (incoming, response) => {
    assert.deepEqual([incoming.method, incoming.url], ['POST', '/backchannel_logout']);
    const form = new URLSearchParams(await text(incoming));
    response.end();
    take(form);
  });
  const port = await listen(proxy);
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const web = {
    client_id: 'web',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'implicit'],
    response_types: ['code', 'id_token token'],
    redirect_uris: ['{{OCIS_URL}}/oidc-callback.html'],
    backchannel_logout_uri: `http://127.0.0.1:${port}/backchannel_logout`,
    backchannel_logout_session_required: true,
    consent: 'skip',
  };
  const signet = await startOcis(t, { clients: [web], outbound: { allow_hosts: ['127.0.0.1'] } });
  const person = personAt(signet);
  const answer = answerOf(await person.grant(askWeb(signet, { response_type: 'id_token token' })));
  const remembered = (await verified(signet, answer['access_token'])).payload['sid'];
  await person.visit(`${signet.url('/logout')}?id_token_hint=${answer['id_token']}`);
  const form = await told;
  assert.deepEqual([...form.keys()], ['logout_token']);
  const { payload, protectedHeader } = await verified(signet, form.get('logout_token'), { audience: 'web' });
  assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ['PS256', 'private-key']);
  assert.deepEqual(payload['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} });
  assert.equal(payload['sid'], remembered);
  assert.ok(typeof payload.sub === 'string' && !('nonce' in payload));
});
