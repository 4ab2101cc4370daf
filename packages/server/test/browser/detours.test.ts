import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { ALICE } from '../support/signet.ts';
import { ASKING, answer, enter, heading, linkOf, press, redeem, visitor } from './visitor.ts';

const TRUSTED = { clients: [{ ...ASKING, consent: 'skip' }] };
const HOUR = 3_600_000;

describe('people who do not go straight on', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const visit = (t: TestContext, config = {}) => visitor(t, browser, { config });

  test('of two tabs, the second goes on by reload once the person has signed in at the first', async (t) => {
    const there = await visit(t, TRUSTED);
    const second = await there.context.newPage();
    await there.page.goto(linkOf(there, { state: 'first' }));
    await second.goto(linkOf(there, { state: 'second' }));
    await enter(there.page);
    assert.equal((await answer(there))['state'], 'first');
    await second.reload();
    assert.equal((await answer(there, second))['state'], 'second');
  });

  test('of two tabs, the second goes on as well when its form is sent', async (t) => {
    const there = await visit(t, TRUSTED);
    const second = await there.context.newPage();
    await there.page.goto(linkOf(there, { state: 'first' }));
    await second.goto(linkOf(there, { state: 'second' }));
    await enter(there.page);
    await answer(there);
    await enter(second);
    const { state, code } = await answer(there, second);
    assert.equal(state, 'second');
    assert.ok((await redeem(there, code))['sub']);
  });

  test('Back after consent leads to the application again, never to a dead end', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await press(page, 'Allow');
    const first = await answer(there);
    await page.goBack();
    const second = await answer(there);
    assert.notEqual(second['code'], first['code']);
    assert.ok((await redeem(there, second['code']))['sub']);
  });

  test('Back after a consent that is asked for each time shows it again', async (t) => {
    const there = await visit(t, { clients: [{ ...ASKING, consent: 'always' }] });
    const { page } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await press(page, 'Allow');
    await answer(there);
    await page.goBack();
    await heading(page, 'Web App wants to use your account');
    await press(page, 'Don’t allow');
    assert.equal((await answer(there))['error'], 'access_denied');
  });

  test('Back from the consent page to the sign-in page goes on where the request stands', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    await heading(page, 'Sign in');
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    await page.goBack();
    await heading(page, 'Web App wants to use your account');
    await press(page, 'Allow');
    assert.ok((await answer(there))['code']);
  });

  test('a failed sign-in that is reloaded is the same page again, and the next try goes on', async (t) => {
    const there = await visit(t, TRUSTED);
    const { page } = there;
    await page.goto(linkOf(there));
    await enter(page, { ...ALICE, password: 'wrong' });
    await page.getByRole('alert').waitFor();
    await page.reload();
    await page.getByRole('alert').getByText('don’t match').waitFor();
    await enter(page);
    assert.ok((await answer(there))['code']);
  });

  test('a sign-in page left open for too long still signs in', async (t) => {
    const there = await visit(t, TRUSTED);
    await there.page.goto(linkOf(there));
    there.signet.clock.advance(2 * HOUR);
    await enter(there.page);
    assert.equal((await answer(there))['state'], 'state-of-the-client');
  });

  test('a sign-in page that is reloaded after too long says so and begins anew', async (t) => {
    const there = await visit(t, TRUSTED);
    const { page } = there;
    await page.goto(linkOf(there));
    there.signet.clock.advance(2 * HOUR);
    await page.reload();
    await page.getByText('That page had expired. Nothing is lost').waitFor();
    await enter(page);
    assert.ok((await answer(there))['code']);
  });

  test('a consent page left open for too long asks once more before it gives anything', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    there.signet.clock.advance(2 * HOUR);
    await press(page, 'Allow');
    await page.waitForURL(/consent\?/);
    await press(page, 'Allow');
    assert.ok((await answer(there))['code']);
  });

  test('a consent page left open until the session is over leads to the sign-in', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    there.signet.clock.advance(15 * 24 * HOUR);
    await press(page, 'Allow');
    await heading(page, 'Sign in');
    await enter(page);
    await press(page, 'Allow');
    assert.ok((await answer(there))['code']);
  });

  test('a browser that keeps no cookies is told so when it sends the form', async (t) => {
    const there = await visit(t);
    const { page, context } = there;
    await page.goto(linkOf(there));
    await context.clearCookies();
    await enter(page);
    await heading(page, 'This sign-in was started elsewhere');
    await page.getByText('cookies are switched off').waitFor();
  });

  test('a page whose address was cut off says what to do', async (t) => {
    const there = await visit(t);
    const { page } = there;
    await page.goto(linkOf(there));
    await page.goto(page.url().slice(0, -20));
    await heading(page, 'This page can’t be used any more');
  });

  test('a client deleted while the person signs in ends on a page', async (t) => {
    const there = await visit(t, TRUSTED);
    const { page, signet } = there;
    await page.goto(linkOf(there));
    const { store, tenant } = signet.provider;
    await store.deleteClient(tenant.id, 'web-app', 0);
    await enter(page);
    await heading(page, 'This application isn’t known here');
  });

  test('another site cannot send the sign-in form (login CSRF)', async (t) => {
    const there = await visit(t, TRUSTED);
    const { page, signet } = there;
    await page.goto(linkOf(there));
    const interaction = new URL(page.url()).searchParams.get('interaction');
    await there.webApp.show(
      page,
      `<form method="post" action="${signet.url('/login')}"><input name="interaction" value="${interaction}">
      <input name="username" value="alice"><input name="password" value="wonderland"><button>Win</button></form>`,
    );
    await press(page, 'Win');
    await heading(page, 'This sign-in was started elsewhere');
    await page.goto(signet.issuer);
    assert.equal(await page.getByText('Alice Example').count(), 0);
  });

  for (const method of ['get', 'post']) {
    test(`another site cannot sign the person out by ${method} without being asked about (OIDC RP-Initiated Logout §2)`, async (t) => {
      const there = await visit(t, TRUSTED);
      const { page, signet } = there;
      await page.goto(linkOf(there));
      await enter(page);
      await answer(there);
      const action = signet.url('/logout');
      await there.webApp.show(
        page,
        `<form method="${method}" action="${action}"><button>Win</button></form>`,
      );
      await press(page, 'Win');
      await heading(page, 'Do you want to sign out?');
      await page.goto(signet.issuer);
      await page.getByText('Alice Example').waitFor();
    });
  }

  test('another site may start a sign-in by POST, with nobody asked twice (OIDC Core §3.1.2.1)', async (t) => {
    const there = await visit(t, TRUSTED);
    const { page, signet } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await answer(there);
    const link = new URL(linkOf(there, { state: 'posted' }));
    const fields = [...link.searchParams].map(([name, value]) => `<input name="${name}" value="${value}">`);
    const action = signet.url('/authorize');
    await there.webApp.show(
      page,
      `<form method="post" action="${action}">${fields.join('')}<button>Go</button></form>`,
    );
    await press(page, 'Go');
    assert.equal((await answer(there))['state'], 'posted');
  });

  test('another site can frame no page but the one for session checks', async (t) => {
    const { signet, webApp } = await visit(t);
    const page = await browser.newPage();
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await webApp.show(page, `<iframe src="${signet.issuer}/"></iframe>`);
    await refused;
    await webApp.show(page, `<iframe src="${signet.url('/check-session')}"></iframe>`);
    await page.frameLocator('iframe').getByRole('heading', { name: 'Session check' }).waitFor();
    await page.close();
  });
});
