import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../../../scripts/chromium.mjs';

const executablePath = findChromium();

/** Why browser tests are left out, or false when there is a browser for them. */
export const withoutBrowser: string | false =
  executablePath === undefined && 'there is no Chromium here: npm run setup:browser installs one';

/** A browser without a window. No sandbox, as inside a container; nothing that calls home. Throws when there is none. */
export async function launchBrowser(): Promise<Browser> {
  if (executablePath === undefined)
    throw new Error('There is no Chromium: npm run setup:browser installs one.');
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return await chromium.launch({ executablePath, args });
}
