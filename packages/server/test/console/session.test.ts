import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { enter, heading, press, visitor } from '../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { BOB, SPA, WEB_APP } from '../support/signet.ts';
import { buildConsole, consoleUrl, open, operator, PEOPLE, signInAt } from './operator.ts';

const CONFIG = { clients: [WEB_APP, SPA], users: PEOPLE };

describe('signing in to the console', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    await buildConsole();
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test('a link from elsewhere leads to its page, over the sign-in', async (t) => {
    const { page, signet } = await visitor(t, browser, { config: CONFIG });
    await page.goto(consoleUrl(signet, '/applications?q=web'));
    await enter(page);
    await page.getByRole('link', { name: 'Web App' }).waitFor();
    assert.equal(page.url(), consoleUrl(signet, '/applications?q=web'));
  });

  test('a reload keeps the person signed in, and no token is kept where another script could read it', async (t) => {
    const { page, signet } = await operator(t, browser);
    await page.reload();
    await page.getByRole('link', { name: 'Web App' }).waitFor();
    assert.equal(page.url(), consoleUrl(signet, '/applications'));
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    assert.doesNotMatch(String(kept), /eyJ|sgac_|sgrt_/);
  });

  test('when the session is over, the person is led to the sign-in and back', async (t) => {
    const { page, signet, context } = await operator(t, browser);
    await context.clearCookies();
    await open(page, signet, '/applications/web-app');
    await enter(page);
    await heading(page, 'Web App');
  });

  test('a token that ended before its time is replaced without a word', async (t) => {
    const { page, signet } = await operator(t, browser);
    signet.clock.advance(3_600_000);
    await page.getByRole('link', { name: 'Web App' }).click();
    await heading(page, 'Web App');
  });

  test('a person without a role sees the own account alone, whatever the address', async (t) => {
    const { page, signet } = await visitor(t, browser, { config: CONFIG });
    await signInAt(page, signet, BOB, '/applications/web-app');
    await heading(page, 'Your account');
    assert.equal(page.url(), consoleUrl(signet, '/account'));
    assert.equal(await page.getByRole('link', { name: 'Applications' }).count(), 0);
  });

  test('who does not want to sign in is told so, and can begin again', async (t) => {
    const { page, signet } = await visitor(t, browser, { config: CONFIG });
    await page.goto(consoleUrl(signet));
    await page.getByRole('button', { name: /Cancel/ }).click();
    await page.getByText('The sign-in was cancelled.').waitFor();
    await press(page, 'Sign in');
    await page.getByLabel('Username').waitFor();
  });

  test('signing out ends the session, and the way back asks for the password', async (t) => {
    const { page, signet } = await operator(t, browser);
    await page.getByRole('button', { name: 'alice' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('You have signed out').waitFor();
    await open(page, signet, '/applications');
    await page.getByLabel('Username').waitFor();
  });
});
