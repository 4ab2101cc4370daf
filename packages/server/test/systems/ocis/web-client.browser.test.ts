import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, withoutBrowser } from '../../pages/browser.ts';
import { answerOf, personAt } from '../../support/person.ts';
import { ALICE, type Signet, type TestConfig } from '../../support/signet.ts';
import { askWeb, startOcis } from './ocis.ts';

const LIBRARY = readFileSync(
  new URL('../browser/oidc-client-ts.min.js', import.meta.resolve('oidc-client-ts')),
);

/** The settings of ownCloud Web, whose pages stand on the origin of the server. */
const settings = (origin: string, over: object) => ({
  authority: origin,
  client_id: 'web',
  response_type: 'code',
  response_mode: 'query',
  scope: 'openid profile email',
  redirect_uri: `${origin}/oidc-callback.html`,
  silent_redirect_uri: `${origin}/oidc-silent-redirect.html`,
  post_logout_redirect_uri: `${origin}/`,
  loadUserInfo: true,
  automaticSilentRenew: false,
  ...over,
});

const pageOf = (origin: string, over: object): string => `<!doctype html><title>ownCloud</title>
<link rel="icon" href="data:,"><script src="/oidc-client-ts.js"></script>
<script>
const manager = new oidc.UserManager(${JSON.stringify(settings(origin, over))});
if (location.pathname === '/oidc-silent-redirect.html') manager.signinSilentCallback();
</script>`;

type Visit = Readonly<{ signet: Signet; context: BrowserContext; page: Page }>;

describe('ownCloud Web in a browser', { skip: withoutBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** The front page of ownCloud Web, with its few pages and Signet on one origin. */
  async function visit(t: TestContext, over: object = {}): Promise<Visit> {
    const own = ['/', '/oidc-callback.html', '/oidc-silent-redirect.html'];
    const beside: TestConfig['beside'] = (request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      if (pathname === '/oidc-client-ts.js') {
        response.setHeader('content-type', 'text/javascript').end(LIBRARY);
        return true;
      }
      if (!own.includes(pathname)) return false;
      response.setHeader('content-type', 'text/html').end(pageOf(`http://${request.headers.host}`, over));
      return true;
    };
    const signet = await startOcis(t, { beside });
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(signet.issuer);
    return { signet, context, page };
  }

  async function signIn({ page, signet }: Visit): Promise<Record<string, unknown>> {
    await page.evaluate('void manager.signinRedirect()');
    await page.waitForURL(`${signet.issuer}/signin/v1/identifier?**`);
    await page.getByLabel('Username').fill(ALICE.username);
    await page.getByLabel('Password', { exact: true }).fill(ALICE.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${signet.issuer}/oidc-callback.html?**`);
    return page.evaluate(`manager.signinCallback().then(({ profile, access_token, refresh_token }) =>
      ({ name: profile.name, login: profile.preferred_username, access_token, refresh_token }))`);
  }

  const SILENT = 'manager.signinSilent().then((user) => user.access_token, (fault) => fault.error)';

  test('signs in with code and PKCE, without a page for consent, and reads userinfo (row 90)', async (t) => {
    const there = await visit(t);
    const user = await signIn(there);
    assert.deepEqual([user['name'], user['login']], ['Alice Example', 'alice']);
    assert.equal(user['refresh_token'], undefined);
  });

  test('renews silently in a frame of its own origin while the person is signed in (row 90)', async (t) => {
    const there = await visit(t);
    assert.equal(await there.page.evaluate(SILENT), 'login_required');
    const { access_token } = await signIn(there);
    const renewed = await there.page.evaluate(SILENT);
    assert.match(String(renewed), /^ey/);
    assert.notEqual(renewed, access_token);
  });

  test('renews with a refresh token where it asks for offline_access (row 90)', async (t) => {
    const there = await visit(t, { scope: 'openid profile email offline_access' });
    await signIn(there);
    await there.context.clearCookies();
    assert.match(String(await there.page.evaluate(SILENT)), /^ey/);
  });

  test('signs out by redirect and comes back to the front page, signed out (row 90)', async (t) => {
    const there = await visit(t);
    await signIn(there);
    await there.page.evaluate('void manager.signoutRedirect({ state: "bye" })');
    await there.page.waitForURL(`${there.signet.issuer}/?state=**`);
    assert.equal(
      await there.page.evaluate('manager.signoutCallback().then(({ userState }) => userState)'),
      'bye',
    );
    assert.equal(await there.page.evaluate(SILENT), 'login_required');
  });

  test('the check-session page answers unchanged, changed or error at its path (row 56)', async (t) => {
    const { signet, context, page } = await visit(t);
    const person = personAt(signet);
    const { session_state = '' } = answerOf(await person.grant(askWeb(signet)));
    const state = person.cookies.get('signet_state') ?? '';
    await context.addCookies([{ name: 'signet_state', value: state, url: signet.issuer }]);
    const path = '/konnect/v1/session/check-session.html';
    await page.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.onload = done;
      frame.src = ${JSON.stringify(path)};
      document.body.append(frame);
    })`);
    const say = (message: string): Promise<string> =>
      page.evaluate(`new Promise((done) => {
        addEventListener('message', ({ data }) => done(data), { once: true });
        frames[0].postMessage(${JSON.stringify(message)}, '*');
      })`);
    assert.equal(await say(`web ${session_state}`), 'unchanged');
    assert.equal(await say(`other ${session_state}`), 'changed');
    assert.equal(await say('nonsense'), 'error');
    await context.addCookies([{ name: 'signet_state', value: 'of-another-sign-in', url: signet.issuer }]);
    assert.equal(await say(`web ${session_state}`), 'changed');
  });
});
