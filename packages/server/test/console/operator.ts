import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ensureConsoleBuilt } from '../../../../scripts/launch/console.mjs';
import { enter, heading, type Visitor, visitor, type Wishes } from '../browser/visitor.ts';
import { ALICE, type Signet, SPA, USERS, WEB_APP } from '../support/signet.ts';

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
