import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { enter, heading, linkOf, newProfile, press, type Visitor } from '../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { WEB_APP } from '../support/signet.ts';
import { buildConsole, open, operator } from './operator.ts';

describe('refusals in the console', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    await buildConsole();
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** Somebody else comes from the application with a redirect URI that is not registered; gives the reference on their page. */
  async function refused(t: TestContext, there: Visitor, redirect_uri: string): Promise<string> {
    const { page } = await newProfile(t, browser);
    await page.goto(linkOf(there, { redirect_uri }));
    const shown = await page.locator('body').innerText();
    return /\b[0-9A-Z]{8}\b/.exec(shown)?.[0] ?? '';
  }

  const registered = async ({ signet: { provider } }: Visitor) =>
    (await provider.store.findClient(provider.tenant.id, WEB_APP.client_id))?.metadata.redirect_uris;

  test('a wrong redirect appears by itself, is shown against what is registered, and is mended with one click', async (t) => {
    const there = await operator(t, browser);
    const { page, signet, webApp } = there;
    await open(page, signet, '/refusals');
    await page.getByText('Nothing was refused lately').waitFor();
    const sent = `${webApp.redirect_uri}/`;
    const reference = await refused(t, there, sent);
    await page.getByText(reference).waitFor();
    await page
      .getByRole('link', { name: 'The redirect_uri is not registered for this application.' })
      .click();
    await page.getByText('Register this very text as redirect URI').waitFor();
    const marked = page.locator('mark.sent');
    assert.equal((await marked.allInnerTexts()).at(-1), '/');
    await press(page, 'Register this address');
    await page.getByRole('dialog').getByRole('button', { name: 'Register this address' }).click();
    await page.getByText('It is registered now').waitFor();
    assert.deepEqual(await registered(there), [...WEB_APP.redirect_uris, sent]);
    const { page: person } = await newProfile(t, browser);
    await person.goto(linkOf(there, { redirect_uri: sent }));
    await enter(person);
    await person.waitForURL((url) => url.href.startsWith(sent));
  });

  test('an address at another host is not added before the operator was asked whose it is', async (t) => {
    const there = await operator(t, browser);
    const reference = await refused(t, there, 'https://elsewhere.example/cb');
    await open(there.page, there.signet, `/refusals/${reference}`);
    await press(there.page, 'Register this address');
    await there.page.getByText('Is this address yours?').waitFor();
    await there.page
      .getByText('No registered address of this application is at elsewhere.example.')
      .waitFor();
    await press(there.page, 'Cancel');
    assert.deepEqual(await registered(there), WEB_APP.redirect_uris);
  });

  test('what could never be registered is not offered', async (t) => {
    const there = await operator(t, browser);
    const reference = await refused(t, there, 'http://app.example.com/cb');
    await open(there.page, there.signet, `/refusals/${reference}`);
    await there.page.getByText('It cannot be registered as it is.').waitFor();
    assert.equal(await there.page.getByRole('button', { name: 'Register this address' }).count(), 0);
  });

  test('the reference that a person reads out leads to the refusal, from anywhere', async (t) => {
    const there = await operator(t, browser);
    const { page } = there;
    const reference = await refused(t, there, 'https://elsewhere.example/cb');
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search for').fill(reference.toLowerCase());
    await page.getByRole('option', { name: reference }).waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'The redirect_uri is not registered for this application.');
  });
});
