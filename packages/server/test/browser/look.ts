import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const FOLDER = new URL('../../../../test-results/screens/', import.meta.url).pathname;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** Runs axe and tells every finding, as `rule: element`. */
const findings = (options: object = {}): string =>
  `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => id + ': ' + html + failureSummary)))`;

/** What other colours and less width can make wrong. */
const DARK_AND_SMALL = { runOnly: ['color-contrast', 'scrollable-region-focusable'] };

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Takes a picture of a page, for people to look at, where SIGNET_TEST_PICTURES asks for it. */
export async function picture(page: Page, name: string, manner: string): Promise<void> {
  if (process.env['SIGNET_TEST_PICTURES'] === undefined) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: `${FOLDER}${name}.${manner}.png`, fullPage: true });
}

/** A page that measures itself is laid out anew some frames after the window has changed. */
async function settled(page: Page): Promise<void> {
  for (let looks = 0; looks < 40 && (await page.evaluate(OVERFLOW)) !== 0; looks += 1)
    await page.waitForTimeout(25);
}

/** Looks at the page as it stands: light, dark, on a phone. Nothing is cut off, and axe finds nothing. */
export async function look(page: Page, name: string): Promise<void> {
  const fits = async (manner: string): Promise<void> => {
    await settled(page);
    assert.equal(await page.evaluate(OVERFLOW), 0, `${name}, ${manner}`);
    await picture(page, name, manner);
  };
  await page.evaluate(axe.source);
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: 'light' });
  await fits('light');
  assert.deepEqual(await page.evaluate(findings()), [], `${name}, light`);
  await page.setViewportSize(PHONE);
  await fits('phone');
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await page.evaluate(findings(DARK_AND_SMALL)), [], `${name}, dark`);
  await page.setViewportSize(DESKTOP);
  await fits('dark');
}
