import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser, withoutBrowser } from './browser.ts';
import { listen, type PageServer, servePages } from './serve.ts';

const sessionState = (clientId: string, origin: string, state: string, salt = 'c2FsdA'): string =>
  `${createHash('sha256').update(`${clientId} ${origin} ${state} ${salt}`).digest('hex')}.${salt}`;

/** Answers of the framed page to the messages, in order. */
type Ask = (...messages: readonly unknown[]) => Promise<string[]>;

describe('the check-session page (OpenID Connect Session Management 1.0 §3.2)', {
  skip: withoutBrowser,
}, () => {
  let server: PageServer;
  let application: Awaited<ReturnType<typeof listen>>;
  let browser: Browser;
  before(async () => {
    server = await servePages();
    application = await listen(createServer((_request, response) => void response.end('<!doctype html>')));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    server.close();
    application.close();
  });

  /** An application's page that frames the check-session page; `attributes` are those of its frame. */
  async function frameIt(context: BrowserContext, attributes = ''): Promise<Ask> {
    const page = await context.newPage();
    await page.goto(application.origin);
    await page.setContent(`<iframe ${attributes} src="${server.origin}/check-session"></iframe>`);
    const ask = `(message) => new Promise((resolve) => {
      addEventListener('message', ({ data }) => resolve(data), { once: true });
      frames[0].postMessage(message, '*');
    })`;
    return async (...messages) => {
      const answers: string[] = [];
      for (const message of messages)
        answers.push(await page.evaluate(`(${ask})(${JSON.stringify(message)})`));
      return answers;
    };
  }

  async function signedIn(state: string): Promise<BrowserContext> {
    const context = await browser.newContext();
    await context.addCookies([
      { name: 'other_browser_state', value: 'decoy', url: server.origin },
      { name: 'browser_state', value: state, url: server.origin },
    ]);
    return context;
  }

  test('says unchanged while the session is the same, and changed when it is another or none', async () => {
    const context = await signedIn('state-1');
    const ask = await frameIt(context);
    const message = `web-app ${sessionState('web-app', application.origin, 'state-1')}`;
    const spaced = `my web app ${sessionState('my web app', application.origin, 'state-1')}`;
    assert.deepEqual(await ask(message, spaced), ['unchanged', 'unchanged']);
    await context.addCookies([{ name: 'browser_state', value: 'state-2', url: server.origin }]);
    assert.deepEqual(await ask(message), ['changed']);
    await context.clearCookies();
    assert.deepEqual(await ask(message), ['changed']);
    await context.close();
  });

  test('the session state of another client, origin or salt is no proof', async () => {
    const context = await signedIn('s');
    const ask = await frameIt(context);
    const good = sessionState('web-app', application.origin, 's');
    const answers = await ask(
      `other ${good}`,
      `web-app ${sessionState('web-app', 'https://rp.example', 's')}`,
      `web-app ${good}x`,
      `web-app ${good.toUpperCase()}`,
    );
    assert.deepEqual(answers, ['changed', 'changed', 'changed', 'changed']);
    await context.close();
  });

  test('a malformed message is an error', async () => {
    const context = await signedIn('s');
    const ask = await frameIt(context);
    const good = sessionState('web-app', application.origin, 's');
    const malformed = [
      '',
      ' ',
      'web-app',
      good,
      ` ${good}`,
      'web-app nosalt',
      'web-app hash.',
      'web-app .salt',
      'web-app a.b.c',
    ];
    const answers = await ask(
      ...malformed,
      7,
      null,
      { a: 1 },
      [`web-app ${good}`],
      `${'x'.repeat(5000)} ${good}`,
    );
    assert.deepEqual(new Set(answers), new Set(['error']));
    await context.close();
  });

  test('where the browser keeps cookies from the frame, nothing can be known: an error', async () => {
    const blocked = await browser.newContext();
    await blocked.addInitScript('Document.prototype.hasStorageAccess = async () => false;');
    const message = `web-app ${sessionState('web-app', application.origin, 's')}`;
    assert.deepEqual(await (await frameIt(blocked))(message), ['error']);
    const context = await signedIn('s');
    assert.deepEqual(await (await frameIt(context, 'sandbox="allow-scripts"'))(message), ['error']);
    await Promise.all([blocked.close(), context.close()]);
  });
});
