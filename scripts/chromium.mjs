// Plain JavaScript without dependencies: setup-browser.mjs runs before anything is installed.
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

/** Chromium without its windows: the same engine, for a third of the work. */
const SHELLS = ['chromium-headless-shell', 'chrome-headless-shell'];
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const MAC_APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of a Chromium or Chrome that the tests can drive, or undefined. SIGNET_TEST_CHROMIUM overrides the search. */
export function findChromium(env = process.env) {
  const chosen = env.SIGNET_TEST_CHROMIUM;
  if (chosen !== undefined && chosen !== '') return isExecutable(chosen) ? chosen : undefined;
  const folders = ['/usr/bin', '/snap/bin', ...(env.PATH ?? '').split(delimiter).filter(Boolean)];
  const candidates = [...SHELLS, ...BROWSERS].flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...MAC_APPLICATIONS].find(isExecutable);
}

/** Whether that Chromium is one without windows. */
export const isShell = (chromium) => SHELLS.includes(basename(chromium));

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
