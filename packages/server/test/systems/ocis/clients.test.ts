import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, type Parameters, personAt, post } from '../../support/person.ts';
import {
  ANDROID,
  ask,
  askWeb,
  DESKTOP,
  header,
  IOS,
  type Program,
  redeem,
  renew,
  startOcis,
} from './ocis.ts';

const ocis = await startOcis({ after });

/** Whether the answer to a request for this redirect would go there. */
async function isAccepted(redirect_uri: string, program: Program = DESKTOP): Promise<boolean> {
  const seen = await personAt(ocis).authorize(ask({ redirect_uri, prompt: 'none' }, program));
  return seen.location?.startsWith(redirect_uri) === true;
}

/** A code for the program. */
const codeOf = async (program: Program): Promise<string | undefined> =>
  answerOf(await personAt(ocis).grant(ask({}, program)))['code'];

test('the three installed programs sign in with their published ids, secrets and redirects (row 58)', async () => {
  for (const program of [DESKTOP, ANDROID, IOS]) {
    const { status, body } = await redeem(ocis, await codeOf(program), {}, program);
    assert.equal(status, 200, JSON.stringify(body));
  }
});

test('the web client is public, trusted and at home on the origin of the server (row 58)', async () => {
  for (const path of ['/', '/oidc-callback.html', '/oidc-silent-redirect.html']) {
    const person = personAt(ocis);
    const redirect_uri = ocis.issuer + path;
    const page = await person.authorize(askWeb(ocis, { redirect_uri }));
    // From the password straight back: no page asks for consent.
    const seen = await person.submit(page, { username: 'alice', password: 'wonderland' });
    assert.ok(seen.location?.startsWith(`${redirect_uri}?code=`), String(seen.location));
    const form = {
      grant_type: 'authorization_code',
      code: answerOf(seen)['code'] ?? '',
      redirect_uri,
      client_id: 'web',
    };
    assert.equal((await post(ocis.url('/token'), form)).status, 200);
  }
});

test('there are four clients, and no other one on the origin of the server is taken for one (row 58)', async () => {
  const stored = await ocis.provider.store.listClients(ocis.provider.tenant.id);
  assert.deepEqual(
    stored.map(({ metadata }) => metadata.client_id).sort(),
    [DESKTOP.client_id, ANDROID.client_id, IOS.client_id, 'web'].sort(),
  );
  const seen = await personAt(ocis).authorize(askWeb(ocis, { client_id: 'unknown' }));
  assert.equal(seen.status, 400);
  assert.equal(seen.location, undefined);
});

test('the desktop program comes back at any port and path of this machine, by any of its three names (row 59)', async () => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]'])
    for (const rest of ['', '/', ':1', ':65535', ':38123/', ':38123/any/path'])
      assert.ok(await isAccepted(`http://${host}${rest}`), host + rest);
});

test('the desktop program is not sent to other hosts, nor by https, nor to what only looks like this machine (row 59)', async () => {
  const strange = [
    'http://192.168.0.1:38123',
    'http://example.com',
    'https://127.0.0.1:38123',
    'https://localhost:38123',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@example.com',
    'http://localhost:38123@example.com/',
    'http://127.1:38123',
    'http://127.0.0.1:0',
    'http://127.0.0.1:65536',
    'http://127.0.0.1:38123/../up',
    'http://127.0.0.1:38123\\@example.com',
    'http://127.0.0.1:38123/#fragment',
    'oc://android.owncloud.com',
  ];
  for (const uri of strange) assert.ok(!(await isAccepted(uri)), uri);
});

test('the phones come back by their own schemes, letter for letter (row 60)', async () => {
  assert.ok(await isAccepted('oc://android.owncloud.com', ANDROID));
  assert.ok(await isAccepted('oc://ios.owncloud.com', IOS));
  assert.ok(await isAccepted('oc.ios://ios.owncloud.com', IOS));
  const strange = [
    'oc://ios.owncloud.com',
    'oc://android.owncloud.com/',
    'OC://android.owncloud.com',
    'oc://android.owncloud.com?x=1',
  ];
  for (const uri of strange) assert.ok(!(await isAccepted(uri, ANDROID)), uri);
});

test('id and secret are good in the header, in the form, and in both when they are equal (row 66)', async () => {
  const { client_id, client_secret, redirect_uri } = DESKTOP;
  const form = async () => ({
    grant_type: 'authorization_code',
    code: (await codeOf(DESKTOP)) ?? '',
    redirect_uri,
  });
  const token = ocis.url('/token');
  assert.equal((await post(token, await form(), header(DESKTOP))).status, 200);
  assert.equal((await post(token, { ...(await form()), client_id, client_secret })).status, 200);
  assert.equal(
    (await post(token, { ...(await form()), client_id, client_secret }, header(DESKTOP))).status,
    200,
  );
  const unequal = { ...(await form()), client_id, client_secret: `${client_secret}x` };
  const refused = await post(token, unequal, header(DESKTOP));
  assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_request']);
});

test('a wrong secret is refused in header and form, and spends no code (row 66)', async () => {
  const wrong = { ...DESKTOP, client_secret: 'guessed' };
  const code = await codeOf(DESKTOP);
  const inForm = await redeem(ocis, code, {}, wrong);
  assert.deepEqual([inForm.status, inForm.body['error']], [401, 'invalid_client']);
  const form = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: DESKTOP.redirect_uri };
  const inHeader = await post(ocis.url('/token'), form, header(wrong));
  assert.deepEqual([inHeader.status, inHeader.body['error']], [401, 'invalid_client']);
  assert.equal((await redeem(ocis, code)).status, 200);
});

test('the web client needs no secret, and one that it sends all the same is not looked at (row 66)', async () => {
  const person = personAt(ocis);
  const secrets: readonly Parameters[] = [{}, { client_secret: 'whatever' }];
  for (const secret of secrets) {
    const { code = '' } = answerOf(await person.grant(askWeb(ocis)));
    const redirect_uri = `${ocis.issuer}/oidc-callback.html`;
    const form = { grant_type: 'authorization_code', code, redirect_uri, client_id: 'web', ...secret };
    assert.equal((await post(ocis.url('/token'), form)).status, 200);
  }
});

test('only codes and refresh tokens are taken: other grant types are unknown or not the program’s (row 66)', async () => {
  const { client_id, client_secret } = DESKTOP;
  for (const grant_type of [
    'password',
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:device_code',
  ]) {
    const form = { grant_type, client_id, client_secret, username: 'alice', password: 'wonderland' };
    const { status, body } = await post(ocis.url('/token'), form);
    assert.equal(status, 400);
    assert.match(String(body['error']), /^(unsupported_grant_type|unauthorized_client)$/);
  }
  assert.equal((await renew(ocis, 'sgrt_nonsense')).body['error'], 'invalid_grant');
});
