import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, personAt, request } from '../support/person.ts';
import { startSignet, WEB_APP } from '../support/signet.ts';

const WEB = 'https://app.example/oauth/cb';
const NATIVE = {
  ...WEB_APP,
  client_id: 'native',
  client_secret: undefined,
  token_endpoint_auth_method: 'none',
  application_type: 'native',
  grant_types: ['authorization_code'],
  response_types: ['code'],
};
const signet = await startSignet(
  { after },
  {
    clients: [
      { ...WEB_APP, redirect_uris: [WEB, 'http://127.0.0.1:9000/cb', 'http://localhost:9000/cb'] },
      {
        ...NATIVE,
        redirect_uris: [
          'http://127.0.0.1/cb',
          'http://[::1]:7/cb?x=1',
          'http://localhost/cb',
          'com.example.app:/cb',
        ],
      },
      { ...WEB_APP, client_id: 'off', disabled: true },
    ],
  },
);
const person = personAt(signet);
await person.grant(request({ redirect_uri: WEB }));

const ask = (redirect_uri: string, client_id = 'web-app') =>
  person.authorize(
    request({
      redirect_uri,
      client_id,
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }),
  );
const isRefused = async (redirect_uri: string, client_id = 'web-app'): Promise<void> => {
  const seen = await ask(redirect_uri, client_id);
  assert.equal(seen.status, 400, redirect_uri);
  assert.equal(seen.location, undefined, redirect_uri);
  const host = URL.canParse(redirect_uri) ? new URL(redirect_uri).host : '';
  assert.ok(!host.includes('attacker') || !seen.text.includes(host), 'nothing of it is shown');
};
const isGood = async (redirect_uri: string, client_id = 'web-app'): Promise<void> =>
  assert.ok((await ask(redirect_uri, client_id)).location?.startsWith(redirect_uri), redirect_uri);

test('the registered redirect URI is taken as it is written (RFC 6749 §3.1.2.2, OIDC Core §3.1.2.1)', () =>
  isGood(WEB));

test('anything that differs from it by a character is refused on a page (RFC 9700 §4.1.3, RFC 6749 §10.6, §10.15)', async () => {
  const others = [
    'https://app.example/oauth/cb/',
    'https://app.example/oauth/CB',
    'https://APP.example/oauth/cb',
    'HTTPS://app.example/oauth/cb',
    'http://app.example/oauth/cb',
    'https://app.example:443/oauth/cb',
    'https://app.example./oauth/cb',
    'https://app.example/oauth/cb?',
    'https://app.example/oauth/cb?x=1',
    'https://app.example/oauth/cb#',
    'https://app.example/oauth/cb#x',
    'https://app.example/oauth/cb&x=1',
    'https://app.example/oauth/./cb',
    'https://app.example/oauth/../oauth/cb',
    'https://app.example/oauth/cb/..',
    'https://app.example/oauth/cb/../../x',
    'https://app.example/oauth/%2e%2e/oauth/cb',
    'https://app.example/oauth/..;/cb',
    'https://app.example/oauth/cb;x',
    'https://app.example//oauth/cb',
    'https://app.example/oauth%2fcb',
    'https://app.example/oauth/%63b',
    'https://app.example/oauth/cb%00',
    'https://app.example/oauth/cb%0d%0a',
    'https://app.example/oauth/cb%20',
    ' https://app.example/oauth/cb',
    'https://app.example/oauth/cb\t',
    'https://app.example\\oauth\\cb',
    'https:/app.example/oauth/cb',
    'https:app.example/oauth/cb',
    '//app.example/oauth/cb',
    '/oauth/cb',
    'app.example/oauth/cb',
  ];
  for (const uri of others) await isRefused(uri);
});

test('no spelling smuggles another host past the comparison (RFC 9700 §4.1.1)', async () => {
  const others = [
    'https://attacker.example/oauth/cb',
    'https://app.example.attacker.example/oauth/cb',
    'https://attacker-app.example/oauth/cb',
    'https://app.example@attacker.example/oauth/cb',
    'https://attacker.example@app.example/oauth/cb',
    'https://attacker.example#@app.example/oauth/cb',
    'https://attacker.example\\@app.example/oauth/cb',
    'https://attacker.example/https://app.example/oauth/cb',
    'https://app.example:pw@attacker.example/oauth/cb',
    'https://аpp.example/oauth/cb',
    'https://app。example/oauth/cb',
    'https://xn--pp-8ja.example/oauth/cb',
    'https://app.example%2f@attacker.example/oauth/cb',
    'https://app.example/oauth/cb,https://attacker.example',
    'https://app.example/oauth/cb https://attacker.example',
  ];
  for (const uri of others) await isRefused(uri);
});

test('no scheme runs as script or reads a file (RFC 6749 §10.14)', async () => {
  for (const uri of [
    'javascript:alert(1)',
    'JavaScript:alert(1)//https://app.example/oauth/cb',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'vbscript:x',
    'blob:https://app.example/x',
    'about:blank',
  ]) {
    await isRefused(uri);
    await isRefused(uri, 'native');
  }
});

test('a loopback redirect is free in its port and in nothing else (RFC 8252 §7.3, RFC 9700 §4.1.3)', async () => {
  for (const port of ['', ':1', ':80', ':8080', ':65535'])
    await isGood(`http://127.0.0.1${port}/cb`, 'native');
  await isGood('http://[::1]:51000/cb?x=1', 'native');
  for (const uri of [
    'http://127.0.0.1:0/cb',
    'http://127.0.0.1:65536/cb',
    'http://127.0.0.1:080/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:8080/cb/',
    'http://127.0.0.1:8080/CB',
    'http://127.0.0.1:8080/cb?x',
    'http://127.0.0.1:8080/cb#x',
    'https://127.0.0.1:8080/cb',
    'http://127.0.0.2:8080/cb',
    'http://127.1:8080/cb',
    'http://2130706433/cb',
    'http://0.0.0.0:8080/cb',
    'http://[::1]:8080/cb',
    'http://[::ffff:127.0.0.1]/cb',
    'http://127.0.0.1:8080@attacker.example/cb',
    'http://127.0.0.1.attacker.example/cb',
    'http://127.0.0.1:80:80/cb',
    'http://user@127.0.0.1:8080/cb',
    'http://127.0.0.1:8080\\@attacker.example/cb',
  ])
    await isRefused(uri, 'native');
});

test('localhost is free in its port for native clients only, and is not 127.0.0.1 (RFC 8252 §8.3)', async () => {
  await isGood('http://localhost:5000/cb', 'native');
  await isGood('http://127.0.0.1:5000/cb');
  await isGood('http://localhost:9000/cb');
  await isRefused('http://localhost:5000/cb');
  await isRefused('http://LOCALHOST:5000/cb', 'native');
  await isRefused('http://localhost.attacker.example:5000/cb', 'native');
});

test('a private scheme of a native client is compared like all others (RFC 8252 §7.1, §8.4)', async () => {
  await isGood('com.example.app:/cb', 'native');
  for (const uri of [
    'com.example.app:/cb/x',
    'com.example.app://cb',
    'com.example.app2:/cb',
    'com.example:/cb',
  ])
    await isRefused(uri, 'native');
});

test('an unknown client stays on a page that shows nothing of the request (RFC 6749 §4.1.2.1, §2.4)', async () => {
  for (const client_id of ['nobody', '<script>alert(1)</script>', 'web-app ', 'WEB-APP', "' OR 1=1 --"]) {
    const seen = await person.authorize(request({ client_id, state: '<b>state</b>' }));
    assert.equal(seen.status, 400, client_id);
    assert.equal(seen.location, undefined);
    assert.ok(!seen.text.includes('<script>alert') && !seen.text.includes('<b>state'));
  }
});

test('a client that is switched off is refused on a page (RFC 6749 §4.1.2.1)', async () => {
  const seen = await person.authorize(request({ client_id: 'off' }));
  assert.equal(seen.status, 400);
  assert.equal(seen.location, undefined);
});

test('a refused request leaves no code and no consent behind', async () => {
  await isRefused('https://attacker.example/cb');
  assert.ok(answerOf(await ask(WEB))['code']);
});
