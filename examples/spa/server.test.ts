import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, withoutBrowser } from '../../packages/server/test/pages/browser.ts';
import { serveExample, startForExamples } from '../test/run-example.ts';

describe('the single-page example', { skip: withoutBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test('signs alice in, renews her tokens and signs her out', async (t) => {
    const signet = await startForExamples(t);
    const app = await serveExample(t, 'spa/server.ts', { ISSUER: signet.issuer, PORT: '0' });
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
    });
    page.on('pageerror', (fault) => complaints.push(fault.message));
    await page.clock.install();
    await page.goto(app);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Username').fill('alice');
    await page.getByLabel('Password', { exact: true }).fill('wonderland');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Single-page App wants to use your account').waitFor();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.getByText('Hello, Alice Example.').waitFor();
    assert.equal(page.url(), `${app}/`, 'the code has left the address bar');
    await page.reload();
    await page.getByText('Hello, Alice Example.').waitFor();
    const renewed = page.waitForResponse((response) => response.url() === signet.url('/token'));
    await page.clock.fastForward('09:30');
    assert.equal((await renewed).status(), 200);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Nobody is signed in.').waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('says so when the person does not want to', async (t) => {
    const signet = await startForExamples(t);
    const app = await serveExample(t, 'spa/server.ts', { ISSUER: signet.issuer, PORT: '0' });
    const page = await browser.newPage();
    await page.goto(app);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Cancel and go back to Single-page App' }).click();
    await page.getByText('That did not work').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.close();
  });
});
