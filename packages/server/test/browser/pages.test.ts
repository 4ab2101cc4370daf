import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { newSetupSecret } from '../../src/identity/setup.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { ALICE, BOB, USERS } from '../support/signet.ts';
import {
  ASKING,
  answer,
  enter,
  guessUntilWait,
  heading,
  linkOf,
  press,
  redeem,
  type Visitor,
  visitor,
} from './visitor.ts';

describe('the pages, driven in a browser', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with script' : 'without script';
    const visit = (t: TestContext, config = {}): Promise<Visitor> =>
      visitor(t, browser, { config, options: { javaScriptEnabled } });

    test(`${how}, a person signs in, allows, and is not asked a second time`, async (t) => {
      const there = await visit(t);
      const { page } = there;
      await page.goto(linkOf(there));
      await heading(page, 'Sign in');
      await enter(page);
      await heading(page, 'Web App wants to use your account');
      await press(page, 'Allow');
      const first = await answer(there);
      assert.equal(first['state'], 'state-of-the-client');
      assert.ok((await redeem(there, first['code']))['sub']);
      await page.goto(linkOf(there));
      assert.notEqual((await answer(there))['code'], first['code']);
    });

    test(`${how}, a wrong password is told, the username kept, and the right one goes on`, async (t) => {
      const there = await visit(t, { clients: [{ ...ASKING, consent: 'skip' }] });
      const { page } = there;
      await page.goto(linkOf(there));
      await enter(page, { ...ALICE, password: 'looking-glass' });
      await page.getByRole('alert').getByText('username and password don’t match').waitFor();
      assert.match(await page.title(), /^Error: /);
      assert.equal(await page.getByLabel('Username').inputValue(), 'alice');
      const password = page.getByLabel('Password', { exact: true });
      assert.equal(await password.inputValue(), '');
      assert.equal(await password.getAttribute('aria-invalid'), 'true');
      await page.locator('#password:focus').waitFor();
      await page.keyboard.type(ALICE.password);
      await page.keyboard.press('Enter');
      assert.match((await answer(there))['code'] ?? '', /^sgac_/);
    });

    test(`${how}, empty fields are told, by the browser or by the page`, async (t) => {
      const there = await visit(t);
      const { page } = there;
      await page.goto(linkOf(there));
      await press(page, 'Sign in');
      assert.equal(await page.locator('#username:invalid').count(), 1);
      await enter(page, { username: '   ', password: ' ' });
      await page.getByRole('alert').getByText('Please enter your username and your password.').waitFor();
    });

    test(`${how}, a person who cancels, or does not allow, goes back with access_denied`, async (t) => {
      const there = await visit(t);
      const { page } = there;
      await page.goto(linkOf(there, { state: 'cancelled' }));
      await press(page, 'Cancel and go back to Web App');
      const cancelled = await answer(there);
      await page.goto(linkOf(there, { state: 'denied' }));
      await enter(page);
      await press(page, 'Don’t allow');
      await page.waitForURL(/state=denied/);
      const denied = await answer(there);
      assert.deepEqual([cancelled['error'], cancelled['state']], ['access_denied', 'cancelled']);
      assert.deepEqual([denied['error'], denied['iss']], ['access_denied', there.signet.issuer]);
    });

    test(`${how}, two people share a browser and choose who goes on`, async (t) => {
      const there = await visit(t, { clients: [{ ...ASKING, consent: 'skip' }] });
      const { page } = there;
      await page.goto(linkOf(there));
      await enter(page);
      const alice = await redeem(there, (await answer(there))['code']);
      await page.goto(linkOf(there, { prompt: 'select_account' }));
      await heading(page, 'Choose an account');
      await press(page, 'Use another account');
      await enter(page, BOB);
      const bob = await redeem(there, (await answer(there))['code']);
      assert.notEqual(bob['sub'], alice['sub']);
      await page.goto(linkOf(there, { prompt: 'select_account' }));
      assert.equal(await page.locator('button.choice').count(), 3);
      await press(page, /^Alice Example/);
      assert.equal((await redeem(there, (await answer(there))['code']))['sub'], alice['sub']);
      await page.goto(linkOf(there));
      assert.equal((await redeem(there, (await answer(there))['code']))['sub'], alice['sub']);
    });

    test(`${how}, prompt=login asks for the password of the same person again`, async (t) => {
      const there = await visit(t, { clients: [{ ...ASKING, consent: 'skip' }] });
      const { page, signet } = there;
      await page.goto(linkOf(there));
      await enter(page);
      const first = await redeem(there, (await answer(there))['code']);
      signet.clock.advance(5000);
      await page.goto(linkOf(there, { prompt: 'login' }));
      await heading(page, 'Confirm it’s you');
      await page.getByText('alice', { exact: true }).waitFor();
      await enter(page, { password: ALICE.password });
      const second = await redeem(there, (await answer(there))['code']);
      assert.equal(second['sub'], first['sub']);
      assert.ok(Number(second['auth_time']) >= Number(first['auth_time']) + 5);
    });

    test(`${how}, a sign-out is asked about: staying keeps the session, signing out ends it`, async (t) => {
      const there = await visit(t);
      const { page, signet } = there;
      await page.goto(linkOf(there));
      await enter(page);
      await page.goto(signet.url('/logout?client_id=web-app'));
      await heading(page, 'Do you want to sign out?');
      await page.getByText('Web App asks to sign you out').waitFor();
      await press(page, 'Stay signed in');
      await page.getByText('Alice Example').waitFor();
      assert.equal(page.url(), `${signet.issuer}/`);
      await page.goto(signet.url('/logout'));
      await press(page, 'Sign out');
      await heading(page, 'You’re signed out');
      await page.goto(signet.issuer);
      assert.equal(await page.getByText('Alice Example').count(), 0);
      await page.goto(linkOf(there, { prompt: 'none' }));
      assert.equal((await answer(there))['error'], 'login_required');
    });

    test(`${how}, an unregistered redirect ends on a page that repeats nothing of it`, async (t) => {
      const there = await visit(t);
      const { page } = there;
      const redirect_uri = 'https://evil.example/"><script>alert(1)</script>';
      const response = await page.goto(linkOf(there, { redirect_uri, state: '<b>state</b>' }));
      assert.equal(response?.status(), 400);
      await heading(page, 'This application isn’t set up correctly');
      assert.match((await page.locator('main').textContent()) ?? '', /Reference\s*[A-Z0-9]{8}/);
      assert.doesNotMatch(await page.content(), /evil|alert\(1\)|<b>state/);
    });

    test(`${how}, the home page says who is signed in, and signs out`, async (t) => {
      const config = {
        clients: [
          { ...ASKING, client_uri: 'https://app.example' },
          { ...ASKING, client_id: 'quiet', client_name: 'Quiet' },
        ],
      };
      const there = await visit(t, config);
      const { page, signet } = there;
      await page.goto(signet.issuer);
      await heading(page, 'Which application sent you here?');
      assert.equal(
        await page.getByRole('link', { name: 'Web App' }).getAttribute('href'),
        'https://app.example',
      );
      assert.equal(await page.getByText('Quiet').count(), 0);
      assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
      await page.goto(linkOf(there));
      await enter(page);
      await page.goto(signet.issuer);
      await press(page, 'Sign out');
      await heading(page, 'You’re signed out');
    });

    test(`${how}, the set-up link makes the first administrator, once`, async (t) => {
      const there = await visit(t, { users: [USERS[1]] });
      const { page, signet } = there;
      const link = signet.url(`/setup?token=${await newSetupSecret(signet.provider)}`);
      await page.goto(link);
      await heading(page, 'Create the first administrator');
      const password = page.getByLabel('Password', { exact: true });
      assert.equal(await password.getAttribute('autocomplete'), 'new-password');
      await page.getByLabel('Username').fill('root');
      await password.fill('password123');
      await press(page, 'Create administrator');
      await page.getByRole('alert').getByText('one of the first that anybody would try').waitFor();
      assert.equal(await page.getByLabel('Username').inputValue(), 'root');
      await password.fill('four unrelated words here');
      await press(page, 'Create administrator');
      await page.getByText('The administrator root has been created.').waitFor();
      const again = await page.goto(link);
      assert.equal(again?.status(), 403);
      await heading(page, 'This set-up link doesn’t work');
      await page.goto(linkOf(there));
      await enter(page, { username: 'root', password: 'four unrelated words here' });
      await heading(page, 'Web App wants to use your account');
    });

    test(`${how}, an answer by form post leaves for the application`, async (t) => {
      const there = await visit(t, { clients: [{ ...ASKING, consent: 'skip' }] });
      const { page } = there;
      await page.goto(linkOf(there, { response_mode: 'form_post' }));
      await enter(page);
      if (!javaScriptEnabled) await press(page, 'Continue');
      await answer(there);
      const posted = there.webApp.posted();
      assert.match(posted?.get('code') ?? '', /^sgac_/);
      assert.equal(posted?.get('state'), 'state-of-the-client');
    });
  }

  test('where an application’s sign-out is refused, the person can still sign out', async (t) => {
    const there = await visitor(t, browser);
    const { page, signet } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    await page.goto(signet.url('/logout?id_token_hint=forged'));
    await heading(page, 'The sign-out link isn’t correct');
    await page.getByRole('link', { name: 'Sign out' }).click();
    await press(page, 'Sign out');
    await heading(page, 'You’re signed out');
  });

  test('too many wrong passwords are answered with how long to wait', async (t) => {
    const there = await visitor(t, browser);
    const { page } = there;
    await page.goto(linkOf(there));
    await guessUntilWait(page);
    assert.equal(await page.getByLabel('Username').inputValue(), 'alice');
    there.signet.clock.advance(7_200_000);
    await enter(page);
    await heading(page, 'Web App wants to use your account');
  });

  test('pages are in German when the application asks for it, or else when the browser does', async (t) => {
    const there = await visitor(t, browser, { options: { locale: 'de-AT' } });
    const { page } = there;
    await page.goto(linkOf(there));
    await heading(page, 'Anmelden');
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await page.goto(linkOf(there, { ui_locales: 'fr en' }));
    await heading(page, 'Sign in');
    await page.goto(linkOf(there, { ui_locales: 'fr-CA de' }));
    await page.getByLabel('Benutzername').fill('alice');
    await page.getByLabel('Passwort', { exact: true }).fill('wrong');
    await press(page, 'Anmelden');
    await page.getByRole('alert').getByText('passen nicht zusammen').waitFor();
    await page.getByLabel('Passwort', { exact: true }).fill(ALICE.password);
    await press(page, 'Anmelden');
    await heading(page, 'Web App möchte Ihr Konto verwenden');
    await press(page, 'Erlauben');
    assert.match((await answer(there))['code'] ?? '', /^sgac_/);
  });

  test('cookies are for Signet alone, kept from script and from other sites', async (t) => {
    const there = await visitor(t, browser);
    await there.page.goto(linkOf(there));
    await enter(there.page);
    await heading(there.page, 'Web App wants to use your account');
    const cookies = await there.context.cookies();
    const attributes = cookies.map(({ name, domain, path, httpOnly, sameSite, secure }) =>
      [name, domain, path, httpOnly ? 'httpOnly' : 'script', sameSite, secure].join(' '),
    );
    assert.deepEqual(attributes.sort(), [
      'signet_browser localhost / httpOnly Lax false',
      'signet_known localhost / httpOnly Lax false',
      'signet_session localhost / httpOnly Lax false',
      'signet_state localhost / script Lax false',
    ]);
  });
});
