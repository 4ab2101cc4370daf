import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const FOLDER = new URL('../../../../test-results/screens/', import.meta.url).pathname;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** Runs axe and tells every finding, as `rule: element`. */
const FINDINGS = `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => id + ': ' + html + failureSummary)))`;

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Where the picture of a page goes, for people to look at. */
export function picturePath(name: string, manner: string): string {
  mkdirSync(FOLDER, { recursive: true });
  return `${FOLDER}${name}.${manner}.png`;
}

/** A page that measures itself is laid out anew some frames after the window has changed. */
async function settled(page: Page): Promise<void> {
  for (let looks = 0; looks < 40 && (await page.evaluate(OVERFLOW)) !== 0; looks += 1)
    await page.waitForTimeout(25);
}

/** Takes pictures of the page as it stands: light, dark, on a phone. Nothing is cut off, and axe finds nothing. */
export async function look(page: Page, name: string): Promise<void> {
  const picture = async (manner: string): Promise<void> => {
    await settled(page);
    assert.equal(await page.evaluate(OVERFLOW), 0, `${name}, ${manner}`);
    await page.screenshot({ path: picturePath(name, manner), fullPage: true });
  };
  await page.evaluate(axe.source);
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: 'light' });
  await picture('light');
  assert.deepEqual(await page.evaluate(FINDINGS), [], `${name}, light`);
  await page.setViewportSize(PHONE);
  await picture('phone');
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await page.evaluate(FINDINGS), [], `${name}, dark`);
  await page.setViewportSize(DESKTOP);
  await picture('dark');
}
