import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { ALICE, BOB, type Signet, SPA, startSignet } from '../support/signet.ts';
import { spaSite } from './spa-site.ts';

type Visit = Readonly<{ signet: Signet; origin: string; context: BrowserContext; page: Page }>;

describe('oidc-client-ts in a browser', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** The application's page in a new browser profile, with Signet beside it. */
  async function visit(t: TestContext, settings: object = {}): Promise<Visit> {
    const site = await spaSite(t);
    const { origin } = site;
    const redirect_uris = [`${origin}/callback`, `${origin}/silent`, `${origin}/popup`];
    const signet = await startSignet(t, {
      clients: [{ ...SPA, redirect_uris, post_logout_redirect_uris: [`${origin}/`] }],
    });
    site.use({
      authority: signet.issuer,
      client_id: 'spa',
      redirect_uri: redirect_uris[0],
      silent_redirect_uri: redirect_uris[1],
      popup_redirect_uri: redirect_uris[2],
      post_logout_redirect_uri: `${origin}/`,
      scope: 'openid profile email',
      loadUserInfo: true,
      automaticSilentRenew: false,
      ...settings,
    });
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(origin);
    return { signet, origin, context, page };
  }

  /** Does something on Signet's page that leads on to an address. */
  const enter = async (page: Page, account = ALICE): Promise<void> => {
    await page.getByLabel('Username').fill(account.username);
    await page.getByLabel('Password', { exact: true }).fill(account.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  /** Signs alice in by redirect and gives what the library makes of it. */
  async function signIn({ page, signet, origin }: Visit): Promise<Record<string, unknown>> {
    await page.evaluate('void manager.signinRedirect()');
    await page.waitForURL(`${signet.issuer}/**`);
    await enter(page);
    await page.waitForURL(`${origin}/callback?**`);
    return page.evaluate(`manager.signinCallback().then(({ profile, refresh_token, access_token, session_state }) =>
      ({ name: profile.name, sub: profile.sub, refresh_token, access_token, session_state }))`);
  }

  const SILENT = 'manager.signinSilent().then((user) => user.access_token, (fault) => fault.error)';

  test('signs in by redirect with code and PKCE and reads userinfo', async (t) => {
    const there = await visit(t);
    const user = await signIn(there);
    assert.equal(user['name'], 'Alice Example');
    assert.equal(user['refresh_token'], undefined);
    assert.match(String(user['session_state']), /^[0-9a-f]{64}\.\S+$/);
  });

  test('renews in a frame while the person is signed in, and is refused afterwards', async (t) => {
    const there = await visit(t);
    assert.equal(await there.page.evaluate(SILENT), 'login_required');
    const { access_token } = await signIn(there);
    const renewed = await there.page.evaluate(SILENT);
    assert.match(String(renewed), /^ey/);
    assert.notEqual(renewed, access_token);
  });

  test('renews with its refresh token, without a frame', async (t) => {
    const there = await visit(t, { scope: 'openid profile offline_access' });
    const first = await signIn(there);
    // Nobody is signed in at Signet any more: only the refresh token can renew.
    await there.context.clearCookies();
    assert.match(String(await there.page.evaluate(SILENT)), /^ey/);
    const refresh_token = await there.page.evaluate('manager.getUser().then((user) => user.refresh_token)');
    assert.notEqual(refresh_token, first['refresh_token']);
  });

  test('signs in in a window of its own, which then closes', async (t) => {
    const { page } = await visit(t);
    const opened = page.waitForEvent('popup');
    const signedIn = page.evaluate('manager.signinPopup().then((user) => user.profile.name)');
    const popup = await opened;
    const closed = popup.waitForEvent('close');
    await enter(popup);
    assert.equal(await signedIn, 'Alice Example');
    await closed;
  });

  const MONITOR = { monitorSession: true, checkSessionIntervalInSeconds: 1 };

  /** Signs in with the session watched, and waits until it was found unchanged. */
  async function watch(t: TestContext): Promise<Visit & { signedOut: Promise<unknown> }> {
    const there = await visit(t, MONITOR);
    await signIn(there);
    const answered = `new Promise((done) => addEventListener('message', ({ data }) => done(data), { once: true }))`;
    const signedOut = there.page.evaluate(
      'new Promise((done) => manager.events.addUserSignedOut(() => done("out")))',
    );
    assert.equal(await there.page.evaluate(answered), 'unchanged');
    return { ...there, signedOut };
  }

  test('its session monitor notices that the person signed out in another tab (OIDC Session Management §3.2)', async (t) => {
    const { context, signet, signedOut } = await watch(t);
    const tab = await context.newPage();
    await tab.goto(signet.issuer);
    await tab.getByRole('button', { name: 'Sign out' }).click();
    await tab.getByRole('heading', { name: 'You’re signed out' }).waitFor();
    assert.equal(await signedOut, 'out');
  });

  test('its session monitor notices that somebody else signed in (OIDC Session Management §3.2)', async (t) => {
    const { context, signet, origin, signedOut } = await watch(t);
    const tab = await context.newPage();
    const query = new URLSearchParams({
      client_id: 'spa',
      redirect_uri: `${origin}/callback`,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      prompt: 'select_account',
    });
    await tab.goto(`${signet.url('/authorize')}?${query.toString()}`);
    await tab.getByRole('button', { name: 'Use another account' }).click();
    await enter(tab, BOB);
    assert.equal(await signedOut, 'out');
  });

  test('signs out by redirect and comes back to the registered address, signed out everywhere', async (t) => {
    const there = await visit(t);
    await signIn(there);
    await there.page.evaluate('void manager.signoutRedirect({ state: "bye" })');
    await there.page.waitForURL(`${there.origin}/?**`);
    assert.equal(
      await there.page.evaluate('manager.signoutCallback().then(({ userState }) => userState)'),
      'bye',
    );
    assert.equal(await there.page.evaluate('manager.getUser()'), null);
    assert.equal(await there.page.evaluate(SILENT), 'login_required');
  });

  test('a person who does not want to comes back with access_denied', async (t) => {
    const { page, signet, origin } = await visit(t);
    await page.evaluate('void manager.signinRedirect()');
    await page.waitForURL(`${signet.issuer}/**`);
    await page.getByRole('button', { name: /Cancel/ }).click();
    await page.waitForURL(`${origin}/callback?**`);
    const refusal = await page.evaluate('manager.signinCallback().catch((fault) => fault.error)');
    assert.equal(refusal, 'access_denied');
  });

  test('revokes its tokens from the page (RFC 7009 §2)', async (t) => {
    const there = await visit(t, {
      scope: 'openid profile offline_access',
      revokeTokenTypes: ['refresh_token'],
    });
    await signIn(there);
    await there.page.evaluate('manager.revokeTokens()');
    assert.equal(await there.page.evaluate('manager.getUser().then((user) => user.refresh_token)'), null);
  });
});
