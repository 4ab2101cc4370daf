import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ensureConsoleBuilt } from '../../../../scripts/launch/console.mjs';
import {
  enter,
  heading,
  openProfile,
  startWebApp,
  type Visitor,
  visitor,
  type WebApp,
  type Wishes,
} from '../browser/visitor.ts';
import { launchBrowser } from '../pages/browser.ts';
import { ALICE, type Signet, SPA, startSignet, type TestConfig, USERS, WEB_APP } from '../support/signet.ts';

/** Makes sure that the console is built from its present sources. */
export const buildConsole = (): Promise<void> => ensureConsoleBuilt(join(import.meta.dirname, '../../../..'));

/** Alice administers; Bob has no role. */
export const PEOPLE = USERS.map((user) =>
  user.username === ALICE.username ? { ...user, role: 'admin' } : user,
);

export const consoleUrl = (signet: Signet, path = '/'): string => signet.url(`/console${path}`);

/** An administrator at the console of a Signet that was started for the test. */
export async function operator(t: TestContext, browser: Browser, wishes: Wishes = {}): Promise<Visitor> {
  const config = { clients: [WEB_APP, SPA], users: PEOPLE, ...wishes.config };
  const there = await visitor(t, browser, { ...wishes, config });
  await signInAt(there.page, there.signet, ALICE, '/applications');
  await heading(there.page, 'Applications');
  return there;
}

/** Opens the console, which leads to the sign-in page, and signs in there. */
export async function signInAt(page: Page, signet: Signet, account = ALICE, path = '/'): Promise<void> {
  await page.goto(consoleUrl(signet, path));
  await enter(page, account);
}

/** Goes to a page of the console by its address, as a link from elsewhere does. */
export const open = async (page: Page, signet: Signet, path: string): Promise<void> => {
  await page.goto(consoleUrl(signet, path));
};

/** A console that the sentences of a file share: one Signet, one browser, and a profile of it in which Alice is signed in. */
export type SharedConsole = Readonly<{
  signet: Signet;
  webApp: WebApp;
  browser: Browser;
  /** A new page of Alice's browser at an address of the console; it closes with the test. */
  visit: (t: TestContext, path: string) => Promise<Page>;
  /** Ends all of it, and fails if a page of Alice's broke its policy or wrote to the console of the browser. */
  close: () => Promise<void>;
}>;

/** Builds and opens it for a whole file: what one sentence changes, the others see. `close` it in `after`. */
export async function openConsole(config: TestConfig = {}): Promise<SharedConsole> {
  const ends: (() => Promise<void>)[] = [];
  const suite = { after: (end: () => Promise<void>) => void ends.push(end) };
  await buildConsole();
  const signet = await startSignet(suite, { clients: [WEB_APP, SPA], users: PEOPLE, ...config });
  const browser = await launchBrowser();
  const { context, page, close } = await openProfile(browser);
  await signInAt(page, signet, ALICE, '/applications');
  await heading(page, 'Applications');
  return {
    signet,
    webApp: await startWebApp(suite),
    browser,
    async visit(t, path) {
      const opened = await context.newPage();
      t.after(() => opened.close());
      await open(opened, signet, path);
      return opened;
    },
    async close() {
      try {
        await close();
      } finally {
        await browser.close();
        for (const end of ends) await end();
      }
    },
  };
}
