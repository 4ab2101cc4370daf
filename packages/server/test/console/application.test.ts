import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { heading, press, type Visitor } from '../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { basic, post } from '../support/person.ts';
import { SECRET, type Signet } from '../support/signet.ts';
import { buildConsole, open, operator } from './operator.ts';

describe('the page of an application in the console', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    await buildConsole();
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** Web App, which the configuration file does not keep, so that it can be changed by hand. */
  async function opened(t: TestContext, tab = ''): Promise<Visitor> {
    const there = await operator(t, browser);
    await open(there.page, there.signet, `/applications/web-app${tab}`);
    return there;
  }

  const metadataOf = async ({ provider }: Signet) =>
    (await provider.store.findClient(provider.tenant.id, 'web-app'))?.metadata;

  const rename = (page: Page, name: string): Promise<void> =>
    page.getByLabel('Name', { exact: true }).fill(name);

  test('a change is saved, and nothing else is touched by it', async (t) => {
    const { page, signet } = await opened(t);
    const registered = await metadataOf(signet);
    await rename(page, 'Renamed');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    assert.deepEqual(await metadataOf(signet), { ...registered, client_name: 'Renamed' });
  });

  test('what the server refuses is said beside the field, and the form keeps what was typed', async (t) => {
    const { page, signet } = await opened(t);
    await page.getByLabel('Home page').fill('not an address');
    await press(page, 'Save');
    await page.getByText(/client_uri .*\./).waitFor();
    assert.equal(await page.getByLabel('Home page').inputValue(), 'not an address');
    assert.equal((await metadataOf(signet))?.client_uri, undefined);
  });

  test('of two who change it at once nobody overwrites the other unseen', async (t) => {
    const { page, signet, context } = await opened(t);
    const other = await context.newPage();
    await open(other, signet, '/applications/web-app');
    await other.getByLabel('Home page').fill('https://theirs.example.com/');
    await press(other, 'Save');
    await other.getByText('Saved.').waitFor();
    await rename(page, 'Mine');
    await press(page, 'Save');
    await press(page, 'See what they changed');
    await page.getByText('They changed: client_uri.').waitFor();
    await press(page, 'Take theirs and put mine on top');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    const saved = await metadataOf(signet);
    assert.deepEqual([saved?.client_name, saved?.client_uri], ['Mine', 'https://theirs.example.com/']);
  });

  test('a new secret works beside the old one, so that nothing stands still', async (t) => {
    const { page, signet } = await opened(t, '?tab=secret');
    await press(page, 'Make a new secret');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
    const field = page.getByText('Client secret', { exact: true });
    const secret = await field.locator('xpath=following-sibling::*[1]//code').innerText();
    const use = async (text: string): Promise<number> =>
      (await post(signet.url('/token'), { grant_type: 'client_credentials' }, basic('web-app', text))).status;
    assert.deepEqual([await use(secret), await use(SECRET), await use('neither')], [200, 200, 401]);
    signet.clock.advance(86_401_000);
    assert.deepEqual([await use(secret), await use(SECRET)], [200, 401]);
  });

  test('a removed application is gone, and can be brought back', async (t) => {
    const { page, signet } = await opened(t, '?tab=secret');
    await press(page, 'Remove the application');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the application' }).click();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
    await page.getByRole('link', { name: 'spa' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Web App' }).count(), 0);
    assert.equal(await metadataOf(signet), undefined);
    await press(page, 'Bring back');
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('link', { name: 'Web App' }).waitFor();
    assert.equal((await metadataOf(signet))?.client_name, 'Web App');
  });

  test('an old version is shown in the history, and comes back', async (t) => {
    const { page, signet } = await opened(t);
    const registered = await metadataOf(signet);
    await rename(page, 'Renamed');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('client_name was Web App').waitFor();
    await press(page, 'Go back');
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
    await heading(page, 'Web App');
    assert.deepEqual(await metadataOf(signet), registered);
  });
});
