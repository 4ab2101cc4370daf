import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { ALICE, BOB } from '../support/signet.ts';
import { ASKING, answer, enter, heading, linkOf, newProfile, press, redeem, visitor } from './visitor.ts';

describe('several people', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test('a wrong password while confirming who one is leaves the person at that page', async (t) => {
    const there = await visitor(t, browser, { config: { clients: [{ ...ASKING, consent: 'skip' }] } });
    const { page } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await answer(there);
    await page.goto(linkOf(there, { prompt: 'login' }));
    await enter(page, { password: 'wrong' });
    await page.getByRole('alert').getByText('don’t match').waitFor();
    await heading(page, 'Confirm it’s you');
    assert.equal(await page.getByRole('link', { name: 'Not you?' }).count(), 1);
    await enter(page, { password: ALICE.password });
    assert.ok((await answer(there))['code']);
  });

  for (const prompt of ['login', 'consent']) {
    test(`somebody else at the page of prompt=${prompt} says so and signs in themselves`, async (t) => {
      const there = await visitor(t, browser);
      const { page } = there;
      await page.goto(linkOf(there));
      await enter(page);
      await press(page, 'Allow');
      const alice = await redeem(there, (await answer(there))['code']);
      await page.goto(linkOf(there, { prompt }));
      await page.getByRole('link', { name: 'Not you?' }).click();
      await heading(page, 'Choose an account');
      await press(page, 'Use another account');
      await enter(page, BOB);
      await page.getByText('Bob Builder').waitFor();
      await press(page, 'Allow');
      const bob = await redeem(there, (await answer(there))['code']);
      assert.notEqual(bob['sub'], alice['sub']);
    });
  }

  test('a second person who signs in in between is asked themselves', async (t) => {
    const there = await visitor(t, browser);
    const { page, context } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    const second = await context.newPage();
    await second.goto(linkOf(there, { prompt: 'select_account' }));
    await press(second, 'Use another account');
    await enter(second, BOB);
    await heading(second, 'Web App wants to use your account');
    await page.bringToFront();
    await press(page, 'Allow');
    await page.getByText('Bob Builder').waitFor();
    await heading(page, 'Web App wants to use your account');
    await press(page, 'Allow');
    assert.ok((await answer(there))['code']);
  });

  test('a person who signed out in another tab is asked to sign in before anything is given', async (t) => {
    const there = await visitor(t, browser);
    const { page, context, signet } = there;
    await page.goto(linkOf(there));
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    const second = await context.newPage();
    await second.goto(signet.issuer);
    await press(second, 'Sign out');
    await heading(second, 'You’re signed out');
    await press(page, 'Allow');
    await heading(page, 'Sign in');
  });

  test('a page opened in another browser refuses and says what to do', async (t) => {
    const there = await visitor(t, browser);
    const { page } = there;
    await page.goto(linkOf(there));
    const login = page.url();
    await enter(page);
    await heading(page, 'Web App wants to use your account');
    for (const url of [login, page.url()]) {
      const other = await newProfile(t, browser);
      const response = await other.page.goto(url);
      assert.equal(response?.status(), 403);
      await heading(other.page, 'This sign-in was started elsewhere');
      assert.equal(await other.page.getByText('Alice').count(), 0);
      await other.page.goto(linkOf(there));
      await heading(other.page, 'Sign in');
    }
  });
});
