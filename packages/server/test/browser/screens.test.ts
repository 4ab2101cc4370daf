import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { newSetupSecret } from '../../src/identity/setup.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { ALICE, BOB, USERS } from '../support/signet.ts';
import { look, picture } from './look.ts';
import {
  ASKING,
  enter,
  guessUntilWait,
  heading,
  linkOf,
  newProfile,
  press,
  type Visitor,
  visitor,
} from './visitor.ts';

const API = 'https://api.example.com/v1';
const CONFIG = {
  display_name: 'Example Accounts',
  resources: [{ resource: API, name: 'Orders', scope: 'orders:read' }],
  scopes: [{ scope: 'orders:read', description: 'See your orders' }],
  clients: [
    {
      ...ASKING,
      client_uri: 'https://app.example',
      policy_uri: 'https://app.example/privacy',
      tos_uri: 'https://app.example/terms',
      scope: `${ASKING.scope} orders:read`,
    },
    { ...ASKING, client_id: 'stranger', client_name: 'Photo Printer', consent: 'always' },
    {
      ...ASKING,
      client_id: 'wiki',
      client_name: 'Team Wiki',
      initiate_login_uri: 'https://wiki.example/login',
    },
  ],
  users: [...USERS, { username: 'carol.with.a.long.name@subsidiary.example.com', password: 'correct horse' }],
};

/** Everything that a consent page can list. */
const GREEDY = {
  scope: 'openid profile email address phone offline_access orders:read',
  resource: API,
  claims: JSON.stringify({ userinfo: { birthdate: null, employee_number: null } }),
};

describe('how the pages look', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const visit = (t: TestContext, config = {}): Promise<Visitor> =>
    visitor(t, browser, { config: { ...CONFIG, ...config } });

  test('signing in and allowing', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    await look(page, 'login');
    await enter(page, { ...ALICE, password: 'wrong' });
    await page.getByRole('alert').waitFor();
    await look(page, 'login-wrong');
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    await look(page, 'consent');
    await page.goto(linkOf(there, GREEDY));
    await look(page, 'consent-much');
    await page.goto(linkOf(there, { client_id: 'stranger', ui_locales: 'de' }));
    await look(page, 'consent-stranger-de');
    await page.goto(linkOf(there, { prompt: 'login', ui_locales: 'de' }));
    await look(page, 'login-again-de');
  });

  test('waiting after too many failures', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    const login = page.url();
    await guessUntilWait(page);
    await look(page, 'login-wait');
    there.signet.clock.advance(7_200_000);
    await page.goto(login);
    await look(page, 'login-expired');
  });

  test('choosing among accounts', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    await enter(page);
    for (const account of [BOB, { username: String(CONFIG.users[2]?.username), password: 'correct horse' }]) {
      await page.goto(linkOf(there, { prompt: 'select_account' }));
      await press(page, 'Use another account');
      await enter(page, account);
      await heading(page, 'Web App wants to use your account');
    }
    await page.goto(linkOf(there, { prompt: 'select_account' }));
    await heading(page, 'Choose an account');
    await look(page, 'chooser');
    await page.goto(linkOf(there, { prompt: 'login' }));
    await look(page, 'login-again-long');
  });

  test('signing out', async (t) => {
    const there = await visit(t);
    const { page, signet } = there;
    await page.goto(signet.issuer);
    await look(page, 'home');
    await page.goto(linkOf(there));
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    await page.goto(signet.issuer);
    await look(page, 'home-signed-in');
    await page.goto(signet.url('/logout?client_id=web-app'));
    await look(page, 'logout-client');
    await page.goto(signet.url('/logout'));
    await look(page, 'logout');
    await press(page, 'Sign out');
    await heading(page, 'You’re signed out');
    await look(page, 'signed-out');
  });

  test('what goes wrong', async (t) => {
    const there = await visit(t);
    const { page, signet } = there;
    await page.goto(linkOf(there));
    const login = page.url();
    for (const [name, url] of [
      ['error-redirect', linkOf(there, { redirect_uri: 'https://evil.example/cb' })],
      ['error-client', linkOf(there, { client_id: 'nobody' })],
      ['error-stale', login.slice(0, -20)],
      ['error-setup', signet.url('/setup?token=spent')],
      ['error-logout', signet.url('/logout?id_token_hint=forged')],
      ['error-not-found', signet.url('/nothing/here')],
    ] as const) {
      await page.goto(url);
      await look(page, name);
    }
    const other = await newProfile(t, browser);
    await other.page.goto(login);
    await look(other.page, 'error-other-browser');
  });

  test('setting up, and leaving by form post', async (t) => {
    const there = await visit(t);
    const { page, signet } = there;
    await page.goto(signet.url(`/setup?token=${await newSetupSecret(signet.provider)}`));
    await look(page, 'setup');
    await page.getByLabel('Password', { exact: true }).fill('password123');
    await press(page, 'Create administrator');
    await page.getByRole('alert').waitFor();
    await look(page, 'setup-error');
    await page.getByLabel('Password', { exact: true }).fill('four unrelated words');
    await press(page, 'Create administrator');
    await heading(page, 'All set');
    await look(page, 'setup-done');
    const still = await newProfile(t, browser, { javaScriptEnabled: false });
    await still.page.goto(linkOf(there, { response_mode: 'form_post', prompt: 'none' }));
    await heading(still.page, 'Sending you back');
    await picture(still.page, 'form-post', 'light');
    assert.equal(await still.page.getByRole('button', { name: 'Continue' }).count(), 1);
  });
});
