import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { claimsOf, exchange, type Parameters, request } from '../support/person.ts';
import {
  ALICE,
  type Ending,
  listen,
  type Signet,
  startSignet,
  type TestConfig,
  WEB_APP,
} from '../support/signet.ts';

/** A browser of somebody's own at a Signet that was started for the test, and where Web App is. */
export type Visitor = Readonly<{ signet: Signet; context: BrowserContext; page: Page; webApp: WebApp }>;

/**
 * Web App: an address that takes answers, and what was last posted there. At 127.0.0.1 it is another site than Signet at localhost;
 * `show` has it show a body of markup.
 */
export type WebApp = Readonly<{
  redirect_uri: string;
  posted: () => URLSearchParams | undefined;
  show: (page: Page, markup: string) => Promise<void>;
}>;

/** Web App as a client that asks for consent once. */
export const ASKING = { ...WEB_APP, consent: 'remember' };

export type Wishes = Readonly<{ config?: TestConfig; options?: BrowserContextOptions }>;

/**
 * Starts Signet, Web App and a browser profile. They end with the test, which fails if a page broke its policy or wrote to the
 * console.
 */
export async function visitor(t: TestContext, browser: Browser, wishes: Wishes = {}): Promise<Visitor> {
  const signet = await startSignet(t, { clients: [ASKING], ...wishes.config });
  return { signet, webApp: await startWebApp(t), ...(await newProfile(t, browser, wishes.options)) };
}

/** Web App at a port of its own, which a loopback redirect may have (RFC 8252 §7.3). */
export async function startWebApp(t: Ending): Promise<WebApp> {
  let posted: URLSearchParams | undefined;
  let body = '';
  const server = createServer(async (incoming, response) => {
    if (incoming.method === 'POST') posted = new URLSearchParams(await text(incoming));
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>Web App</title><link rel="icon" href="data:,">${body}`);
  });
  const redirect_uri = `http://127.0.0.1:${await listen(server)}/cb`;
  t.after(async () => {
    server.closeAllConnections();
    server.close();
  });
  const show = async (page: Page, markup: string): Promise<void> => {
    body = markup;
    await page.goto(redirect_uri);
  };
  return { redirect_uri, posted: () => posted, show };
}

/** Another browser profile: no cookie of the first one is in it. */
export async function newProfile(
  t: TestContext,
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const { close, ...profile } = await openProfile(browser, options);
  t.after(close);
  return profile;
}

/** The same for whoever closes it, which fails if one of its pages had something to complain of. */
export async function openProfile(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; page: Page; close: () => Promise<void> }> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const complaints: string[] = [];
  context.on('page', (page) => hear(page, complaints));
  const close = async (): Promise<void> => {
    await context.close();
    assert.deepEqual(complaints, []);
  };
  return { context, page: await context.newPage(), close };
}

/**
 * Chromium reports a broken Content-Security-Policy at the console; an answer of 4xx, which the tests expect, too: of a page, and what the
 * console knows to deal with (a token that ended, what is gone meanwhile, a lost update, a conflict, a faulty field).
 */
function hear(page: Page, complaints: string[]): void {
  page.on('pageerror', (fault) => complaints.push(fault.message));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on('console', (message) => {
    // What Chromium merely remarks, such as a field that it left alone because the person was faster.
    if (message.type() === 'info') return;
    const { url } = message.location();
    const expected = url === page.url() ? '4\\d\\d' : url.includes('/api/v1/') ? '4(01|04|09|12|22)' : 'none';
    if (!new RegExp(`^Failed to load resource: .* status of ${expected}`).test(message.text()))
      complaints.push(message.text());
  });
}

/** Where Web App sends the person to sign in. */
export const linkOf = ({ signet, webApp: { redirect_uri } }: Visitor, over: Parameters = {}): string =>
  `${signet.url('/authorize')}?${new URLSearchParams(request({ redirect_uri, ...over })).toString()}`;

/** Fills in the sign-in form, as far as it asks, and sends it. */
export async function enter(page: Page, account: Partial<typeof ALICE> = ALICE): Promise<void> {
  if (account.username !== undefined) await page.getByLabel('Username').fill(account.username);
  await page.getByLabel('Password', { exact: true }).fill(account.password ?? '');
  await press(page, 'Sign in');
}

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** Guesses until the person has to wait. The waits grow, so that on a slow machine too one is still on when the next guess comes. */
export async function guessUntilWait(page: Page): Promise<void> {
  const wait = page.getByText(/Please wait \d+ seconds?, then try again/);
  for (let guesses = 0; guesses < 12 && (await wait.count()) === 0; guesses += 1) {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await enter(page, { ...ALICE, password: `guess ${guesses}` });
    await answered;
    await page.waitForLoadState();
  }
  await wait.waitFor();
}

/** Waits for the page with this heading. */
export const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** What Web App was answered, once the person is back there. */
export async function answer({ page, webApp }: Visitor, at = page): Promise<Record<string, string>> {
  await at.waitForURL((url) => url.href.startsWith(webApp.redirect_uri));
  return Object.fromEntries(new URL(at.url()).searchParams);
}

/** The ID token that a code is worth. */
export async function redeem({ signet, webApp }: Visitor, code = ''): Promise<Record<string, unknown>> {
  const { body } = await exchange(signet, code, { redirect_uri: webApp.redirect_uri });
  return claimsOf(String(body['id_token']));
}
