import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, withoutBrowser } from './browser.ts';
import { type PageServer, servePages } from './serve.ts';

const ALONG = { interaction: 'k3Jd9', csrf: 'Zm9v' };

describe('using the pages', { skip: withoutBrowser }, () => {
  let server: PageServer;
  let browser: Browser;
  before(async () => {
    server = await servePages();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    server.close();
  });
  beforeEach(() => {
    server.posted.length = 0;
  });

  /** Opens a page, does something on it that posts a form, and tells what was posted. */
  async function posting(
    page: Page,
    path: string,
    act: () => Promise<void>,
  ): Promise<Record<string, string>> {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.goto(`${server.origin}/${path}`, { waitUntil: 'commit' });
    await act();
    await answered;
    return Object.fromEntries(server.posted.at(-1) ?? []);
  }

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with script' : 'without script';

    test(`${how}, signing in by keyboard posts the username, the password and the hidden fields`, async () => {
      const page = await browser.newPage({ javaScriptEnabled });
      const posted = await posting(page, 'login', async () => {
        await page.locator('[name=username]:focus').waitFor();
        await page.keyboard.type('alice');
        await page.keyboard.press('Tab');
        await page.keyboard.type('wonderland');
        await page.keyboard.press('Enter');
      });
      assert.deepEqual(posted, { ...ALONG, username: 'alice', password: 'wonderland' });
      await page.close();
    });

    test(`${how}, every decision and choice is posted with its form`, async () => {
      const page = await browser.newPage({ javaScriptEnabled });
      const press = (path: string, name: string) =>
        posting(page, path, () => page.getByRole('button', { name, exact: true }).click());
      assert.deepEqual(await press('consent', 'Allow'), { ...ALONG, decision: 'allow' });
      assert.deepEqual(await press('consent', 'Don’t allow'), { ...ALONG, decision: 'deny' });
      assert.deepEqual(await press('logout', 'Sign out'), { ...ALONG, decision: 'allow' });
      assert.deepEqual(await press('chooser', 'Alice Example alice'), { ...ALONG, account: 'a1' });
      assert.deepEqual(await press('chooser', 'Use another account'), { ...ALONG, account: 'other' });
      assert.deepEqual(await press('login', 'Cancel and go back to Fieldnotes'), ALONG);
      await page.close();
    });
  }

  const response = { code: 'the code', state: `"><b>'&`, submit: 'hides form.submit' };

  test('a form post leaves by itself, with every parameter as it was', async () => {
    const page = await browser.newPage();
    assert.deepEqual(await posting(page, 'leaving', async () => {}), response);
    await page.close();
  });

  test('a form post without script leaves by its button', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    const posted = await posting(page, 'leaving', () =>
      page.getByRole('button', { name: 'Continue' }).click(),
    );
    assert.deepEqual(posted, response);
    await page.close();
  });

  test('a password can be looked at and is hidden again before it is sent', async () => {
    const page = await browser.newPage();
    const password = page.getByLabel('Password', { exact: true });
    const type = () => password.getAttribute('type');
    await posting(page, 'login-credentials', async () => {
      await password.fill('wonderland');
      await page.getByRole('button', { name: 'Show password' }).click();
      assert.equal(await type(), 'text');
      await page.getByRole('button', { name: 'Hide password' }).click();
      assert.equal(await type(), 'password');
      await page.getByRole('button', { name: 'Show password' }).click();
      await page.getByRole('button', { name: 'Sign in' }).click();
    });
    assert.equal(await type(), 'password');
    await page.close();
  });

  test('without script there is no button that does nothing', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    for (const path of ['login', 'error']) {
      await page.goto(`${server.origin}/${path}`);
      assert.equal(await page.locator('button[type=button]:visible').count(), 0, path);
    }
    await page.close();
  });

  test('a form on its way is not sent twice, says so, and can be sent again after ten seconds', async () => {
    const page = await browser.newPage();
    await page.clock.install();
    const button = page.locator('button.primary');
    await posting(page, 'consent', () => button.click());
    assert.equal(await button.textContent(), 'One moment…');
    await button.click({ force: true });
    await page.getByRole('button', { name: 'Don’t allow' }).click();
    assert.equal(server.posted.length, 1);
    await page.clock.fastForward(10_001);
    assert.equal(await button.textContent(), 'Allow');
    await page.getByRole('button', { name: 'Don’t allow' }).click();
    assert.equal(server.posted.length, 2);
    await page.close();
  });

  test('the reference of an error is copied by its button', async () => {
    const page = await browser.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(`${server.origin}/error`);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), '7KQ4-M2XD');
    await page.close();
  });
});
