import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { newProfile } from '../../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../../pages/browser.ts';
import { claimsOf, post } from '../../support/person.ts';
import { ALICE } from '../../support/signet.ts';
import { bearer, type Cells, call, SCOPE, startCells, TOKEN } from './cells.ts';

/** The very library that cells-sync is built with. */
const LIBRARY = readFileSync(
  new URL('./dist/oidc-client.min.js', import.meta.resolve('oidc-client/index.js')),
);

/** The page of cells-sync as far as signing in goes: its manager has these settings and no others. */
const page = (
  site: string,
  port: number,
): string => `<!doctype html><title>Sync</title><link rel="icon" href="data:,">
<script src="/oidc-client.js"></script>
<script>
const manager = new Oidc.UserManager({
  authority: ${JSON.stringify(site)}.replace(/[/]+$/, '') + '/oidc',
  client_id: 'cells-sync',
  redirect_uri: 'http://localhost:${port}/servers/callback',
  response_type: 'code',
  scope: ${JSON.stringify(SCOPE)},
  loadUserInfo: false,
  automaticSilentRenew: false,
});
</script>`;

/** Like cells-sync, takes the first free port of its range. */
async function startSync(t: TestContext, { site }: Cells): Promise<string> {
  for (let port = 3636; port <= 3666; port += 1) {
    const server = createServer((request, response) => {
      const isLibrary = request.url === '/oidc-client.js';
      response.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(isLibrary ? LIBRARY : page(site, port));
    });
    if (!(await listensAt(server, port))) continue;
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://localhost:${port}`;
  }
  throw new Error('No port between 3636 and 3666 is free.');
}

const listensAt = (server: Server, port: number): Promise<boolean> =>
  new Promise((done) => {
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => done(true));
  });

type SyncUser = Readonly<Record<'id_token' | 'access_token' | 'refresh_token', string>> &
  Readonly<{ expires_at: number; profile: Record<string, unknown> }>;

describe('cells-sync', { skip: withoutBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  async function signIn(t: TestContext, cells: Cells): Promise<{ user: SyncUser; asked: URL }> {
    const origin = await startSync(t, cells);
    const { page: tab } = await newProfile(t, browser);
    const requests: URL[] = [];
    tab.on('request', (request) => requests.push(new URL(request.url())));
    await tab.goto(origin);
    await tab.evaluate('void manager.signinRedirect()');
    await tab.waitForURL(`${cells.site}/oauth2/login?**`);
    await tab.getByLabel('Username').fill(ALICE.username);
    await tab.getByLabel('Password', { exact: true }).fill(ALICE.password);
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.waitForURL(`${origin}/servers/callback?**`);
    const user = await tab.evaluate<SyncUser>(`manager.signinRedirectCallback().then(
      ({ id_token, access_token, refresh_token, expires_at, profile }) =>
        ({ id_token, access_token, refresh_token, expires_at, profile }))`);
    const asked = requests.find(({ pathname }) => pathname === '/oidc/oauth2/auth');
    assert.ok(asked);
    return { user, asked };
  }

  test('signs in with oidc-client 1.11.5, with PKCE and without a nonce, and gets all four things it stores (row 48)', async (t) => {
    const cells = await startCells(t);
    const { user, asked } = await signIn(t, cells);
    assert.equal(asked.searchParams.get('code_challenge_method'), 'S256');
    assert.equal(asked.searchParams.has('nonce'), false);
    assert.match(asked.searchParams.get('state') ?? '', /^[0-9a-f]{32}$/);
    for (const name of ['id_token', 'access_token', 'refresh_token'] as const)
      assert.equal(typeof user[name], 'string', name);
    assert.ok(Math.abs(user.expires_at - Date.now() / 1000 - 600) < 60);
    assert.equal(user.profile['name'], 'alice');
  });

  test('its service refreshes again and again, and each answer has an ID token with the name (row 48)', async (t) => {
    const cells = await startCells(t);
    let { refresh_token } = (await signIn(t, cells)).user;
    for (let round = 0; round < 3; round += 1) {
      cells.clock.advance(9 * 60_000);
      const form = { grant_type: 'refresh_token', client_id: 'cells-sync', refresh_token, scope: SCOPE };
      const { status, body } = await post(cells.url(TOKEN), form, { 'cache-control': 'no-cache' });
      assert.equal(status, 200);
      assert.equal(claimsOf(String(body['id_token']))['name'], 'alice');
      assert.equal(typeof body['expires_in'], 'number');
      assert.notEqual(body['refresh_token'], refresh_token);
      refresh_token = String(body['refresh_token']);
      const state = await call(
        cells,
        ['GET', '/a/frontend/state'],
        undefined,
        bearer(String(body['access_token'])),
      );
      assert.equal(state.status, 200);
    }
  });
});

test('cells-sync reads the title of the server without a token (row 48)', async (t) => {
  const cells = await startCells(t, { display_name: 'Files & more' });
  const { status, body } = await call(cells, ['GET', '/a/frontend/bootconf']);
  assert.equal(status, 200);
  assert.equal((body['customWording'] as Record<string, unknown>)['title'], 'Files & more');
});
