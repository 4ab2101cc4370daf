import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, withoutBrowser } from './browser.ts';
import { gallery } from './gallery.ts';
import { type PageServer, servePages } from './serve.ts';

/** Runs axe and tells what is serious, as `rule: element`. */
const serious = (options: string) => `axe.run(${options}).then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + failureSummary)))`;

const SMALL_TARGETS = `Array.from(document.querySelectorAll('a, button, input:not([type=hidden], .unseen)'))
  .filter((element) => element.checkVisibility())
  .filter((element) => element.getBoundingClientRect().height < 44 || element.getBoundingClientRect().width < 44)
  .map((element) => element.outerHTML)`;

const OVERFLOW = `document.documentElement.scrollWidth - document.documentElement.clientWidth`;

describe('the pages in a browser', { skip: withoutBrowser }, () => {
  let server: PageServer;
  let browser: Browser;
  /** As wide as a small phone, which is also a desktop zoomed to 400 % (WCAG 2.2 §1.4.10). */
  let narrow: Page;
  before(async () => {
    server = await servePages();
    browser = await launchBrowser();
    narrow = await browser.newPage({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' });
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  /** Opens a page in the narrow window, light. */
  async function openNarrow(path: string): Promise<Page> {
    await narrow.emulateMedia({ colorScheme: 'light' });
    await narrow.goto(`${server.origin}/${path}`);
    return narrow;
  }

  for (const { name } of gallery) {
    test(`${name} has no serious finding of axe, light and dark, and fits 320 px with room for a finger`, async () => {
      const page = await openNarrow(name);
      await page.evaluate(axe.source);
      assert.deepEqual(await page.evaluate(serious('')), []);
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await page.evaluate(serious(`{ runOnly: ['color-contrast'] }`)), []);
      assert.deepEqual(await page.evaluate(SMALL_TARGETS), []);
      assert.equal(await page.evaluate(OVERFLOW), 0);
    });
  }

  test('written from right to left, long names fit 320 px as well', async () => {
    for (const name of ['login-long', 'consent-long', 'chooser-long']) {
      const page = await openNarrow(`${name}?locale=de&dir=rtl`);
      assert.equal(await page.evaluate(OVERFLOW), 0, name);
    }
  });

  test('dark is another palette, not the light one', async () => {
    const page = await openNarrow('login');
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await ground(), light);
  });

  test('the policy of the server is never broken, and no hostile text runs or adds an element', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    for (const { name } of gallery.filter((exhibit) => exhibit.name !== 'form-post')) {
      await page.goto(`${server.origin}/${name}`);
      assert.equal(await page.locator('img, b, script:not([src="/script.js"])').count(), 0, name);
    }
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
