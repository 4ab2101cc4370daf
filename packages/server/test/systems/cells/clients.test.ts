import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, basic, post } from '../../support/person.ts';
import { ALICE } from '../../support/signet.ts';
import {
  asked,
  type Cells,
  CURL,
  codeFor,
  exchange,
  grant,
  open,
  refresh,
  SCOPE,
  startCells,
  TOKEN,
  userinfo,
  visitorOf,
} from './cells.ts';

const HOUR = 3_600_000;

const cells = await startCells({ after });

/** Whether a request to be answered there comes as far as the login page. */
async function accepts(at: Cells, client_id: string, redirect_uri: string): Promise<boolean> {
  const seen = await open(at, visitorOf(at), asked({ client_id, redirect_uri }));
  assert.equal(seen.location, undefined);
  assert.equal(seen.status, /name="password"/.test(seen.text) ? 200 : 400);
  return seen.status === 200;
}

async function sorted(
  at: Cells,
  client_id: string,
  uris: readonly string[],
): Promise<{ good: string[]; bad: string[] }> {
  const good: string[] = [];
  const bad: string[] = [];
  for (const uri of uris) ((await accepts(at, client_id, uri)) ? good : bad).push(uri);
  return { good, bad };
}

test('cells-sync may be answered at localhost on ports 3636 to 3666 and 3000, with and without its path, and nowhere else (row 9)', async () => {
  const fine = [3000, 3636, 3650, 3666].flatMap((port) =>
    ['', '/', '/servers/callback'].map((path) => `http://localhost:${port}${path}`),
  );
  const strange = [
    'http://localhost:3635/servers/callback',
    'http://localhost:3667/servers/callback',
    'http://localhost:3635',
    'http://localhost:3667',
    'http://localhost:[3636-3666]/servers/callback',
    'http://localhost/servers/callback',
    'http://localhost:3636/servers/callback/',
    'http://localhost:3636/servers/other',
    'http://127.0.0.1:3636/servers/callback',
    'https://localhost:3636/servers/callback',
    'http://localhost.example.org:3636/servers/callback',
    'http://localhost:03636/servers/callback',
  ];
  assert.deepEqual(await sorted(cells, 'cells-sync', [...fine, ...strange]), { good: fine, bad: strange });
});

test('cells-mobile may be answered at cellsauth://callback and at the name of the server, and nowhere else (row 10)', async () => {
  const { host } = new URL(cells.site);
  const fine = ['cellsauth://callback', `cellsauth://${host}`];
  const strange = [
    'cellsauth://serverName',
    'cellsauth://evil.example',
    `cellsauth://${host}.evil.example`,
    'cellsauth://callback/more',
    'othercellsauth://callback',
    'http://localhost:3000/servers/callback',
  ];
  assert.deepEqual(await sorted(cells, 'cells-mobile', [...fine, ...strange]), { good: fine, bad: strange });
});

test('cells-client may be answered at port 3000, at port 3636 and at either spelling of the out-of-band page (row 11)', async () => {
  const fine = [
    'http://localhost:3000/servers/callback',
    'http://localhost:3636',
    `${cells.site}/oauth2/oob`,
    `${cells.site}/oauth/oob`,
  ];
  const strange = [
    'http://localhost:3000',
    'http://localhost:3637',
    'http://serverName/oauth/oob',
    'http://elsewhere.example/oauth2/oob',
    `${cells.site}/login/oob`,
  ];
  assert.deepEqual(await sorted(cells, 'cells-client', [...fine, ...strange]), { good: fine, bad: strange });
});

test('cells-frontend is answered at its own page and leaves to its own page (row 12)', async () => {
  const callback = `${cells.site}/auth/callback`;
  const strange = [`${cells.site}/auth/other`, 'http://localhost:3000/servers/callback'];
  assert.deepEqual(await sorted(cells, 'cells-frontend', [callback, ...strange]), {
    good: [callback],
    bad: strange,
  });
  const person = visitorOf(cells);
  const code = await codeFor(cells, asked({ client_id: 'cells-frontend', redirect_uri: callback }), {
    person,
  });
  const { body } = await exchange(cells, code, { client_id: 'cells-frontend', redirect_uri: callback });
  const left = await person.visit(
    `${cells.site}/oidc/oauth2/sessions/logout?${new URLSearchParams({
      id_token_hint: String(body['id_token']),
      post_logout_redirect_uri: `${cells.site}/auth/logout`,
    }).toString()}`,
  );
  assert.equal(left.location, `${cells.site}/auth/logout`);
});

test('a refresh token of cells-frontend is dead after two idle hours, one in use is not (row 12)', async (t) => {
  const at = await startCells(t);
  const redirect_uri = `${at.site}/auth/callback`;
  const client = { client_id: 'cells-frontend', redirect_uri };
  const first = await exchange(at, await codeFor(at, asked(client)), client);
  const again = (token: unknown) => refresh(at, String(token), { client_id: 'cells-frontend' });
  at.clock.advance(2 * HOUR - 60_000);
  const second = await again(first.body['refresh_token']);
  assert.equal(second.status, 200);
  at.clock.advance(2 * HOUR - 60_000);
  const third = await again(second.body['refresh_token']);
  assert.equal(third.status, 200);
  at.clock.advance(2 * HOUR + 1000);
  const dead = await again(third.body['refresh_token']);
  assert.equal(dead.status, 400);
  assert.equal(dead.body['error'], 'invalid_grant');
});

const registered = (...redirect_uris: string[]) => ({
  ...CURL,
  client_id: 'own',
  application_type: 'native',
  redirect_uris,
});

test('placeholders stand for ports, the main site, every site and its host, and what comes of them is exact (row 13)', async (t) => {
  const at = await startCells(t, {
    sites: ['https://cells.example.org/oidc', 'http://files.example.org/oidc'],
    allow_insecure_issuer: true,
    clients: [
      registered(
        'http://localhost:[4000-4002]/cb',
        '#default_bind#/one',
        '#binds...#/every',
        '#insecure_binds...#/insecure',
        'own://serverName',
      ),
    ],
  });
  const fine = [
    ...[4000, 4001, 4002].map((port) => `http://localhost:${port}/cb`),
    `${at.site}/one`,
    `${at.site}/every`,
    'https://cells.example.org/every',
    'http://files.example.org/every',
    'http://files.example.org/insecure',
    `own://${new URL(at.site).host}`,
    'own://cells.example.org',
    'own://files.example.org',
  ];
  const strange = [
    'http://localhost:3999/cb',
    'http://localhost:4003/cb',
    'https://cells.example.org/one',
    'https://cells.example.org/insecure',
    'https://cells.example.org/every/',
    'own://serverName',
    '#default_bind#/one',
  ];
  assert.deepEqual(await sorted(at, 'own', [...fine, ...strange]), { good: fine, bad: strange });
});

test('registered loopback addresses have any port, localhost its own alone (row 14)', async (t) => {
  const at = await startCells(t, {
    clients: [registered('http://127.0.0.1:5000/cb', 'http://[::1]:5000/cb', 'http://localhost:5000/cb')],
  });
  const fine = [
    'http://127.0.0.1:5000/cb',
    'http://127.0.0.1:61234/cb',
    'http://[::1]:61234/cb',
    'http://localhost:5000/cb',
  ];
  const strange = [
    'http://localhost:5001/cb',
    'http://127.0.0.1:61234/other',
    'http://127.0.0.1:61234/cb?more=1',
    'http://127.0.0.2:5000/cb',
    'https://127.0.0.1:5000/cb',
  ];
  assert.deepEqual(await sorted(at, 'own', [...fine, ...strange]), { good: fine, bad: strange });
});

test('plain http to another host is refused at registration unless the operator vouches for it (row 14)', async (t) => {
  const uri = 'http://intranet.example.org/cb';
  await assert.rejects(
    startCells(t, { clients: [registered(uri)] }),
    /is plain http on another host than this machine/,
  );
  const at = await startCells(t, { clients: [registered(uri)], insecure_redirect_uris: [uri] });
  assert.deepEqual(await sorted(at, 'own', [uri, `${uri}/more`]), { good: [uri], bad: [`${uri}/more`] });
});

test('the default clients need no secret and never see a consent page (row 21)', async () => {
  const uris = {
    'cells-sync': 'http://localhost:3640/servers/callback',
    'cells-mobile': 'cellsauth://callback',
    'cells-client': `${cells.site}/oauth/oob`,
    'cells-frontend': `${cells.site}/auth/callback`,
  };
  for (const [client_id, redirect_uri] of Object.entries(uris)) {
    const answered = await grant(cells, asked({ client_id, redirect_uri }));
    assert.ok(answered.location?.startsWith(redirect_uri), client_id);
    const { code = '' } = answerOf(answered);
    const { status, body } = await exchange(cells, code, { client_id, redirect_uri });
    assert.equal(status, 200, client_id);
    assert.equal(body['scope'], SCOPE);
    assert.equal((await userinfo(cells, String(body['access_token']))).body['name'], ALICE.username);
  }
});

test('a confidential client proves itself by Basic or in the body, and no otherwise (row 23)', async () => {
  const redirect_uri = 'http://localhost:9000/cb';
  const code = () => codeFor(cells, asked({ client_id: 'cells-curl', redirect_uri }));
  const redeem = async (form: Record<string, string>, headers = {}) =>
    post(
      cells.url(TOKEN),
      { grant_type: 'authorization_code', code: await code(), redirect_uri, ...form },
      headers,
    );
  assert.equal((await redeem({}, basic('cells-curl', 'password'))).status, 200);
  assert.equal((await redeem({ client_id: 'cells-curl', client_secret: 'password' })).status, 200);
  const wrong = await redeem({}, basic('cells-curl', 'wrong'));
  assert.equal(wrong.status, 401);
  assert.equal(wrong.body['error'], 'invalid_client');
  assert.match(wrong.headers.get('www-authenticate') ?? '', /^Basic /);
  const inBody = await redeem({ client_id: 'cells-curl', client_secret: 'wrong' });
  assert.equal(inBody.status, 401);
  assert.equal(inBody.body['error'], 'invalid_client');
  assert.equal((await redeem({ client_id: 'cells-curl' })).status, 401);
  assert.equal((await redeem({ client_id: 'nobody' })).status, 401);
});
