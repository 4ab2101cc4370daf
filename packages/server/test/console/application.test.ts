import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { heading, press } from '../browser/visitor.ts';
import { withoutBrowser } from '../pages/browser.ts';
import { basic, post } from '../support/person.ts';
import { SECRET, SPA, WEB_APP } from '../support/signet.ts';
import { openConsole, type SharedConsole } from './operator.ts';

/** One for each sentence, so that none disturbs another. */
const APPS = ['saved', 'refused', 'raced', 'rotated', 'removed', 'reverted'] as const;
type App = (typeof APPS)[number];

describe('the page of an application in the console', { skip: withoutBrowser }, () => {
  let there: SharedConsole;
  before(async () => {
    const apps = APPS.map((client_id) => ({ ...WEB_APP, client_id, client_name: `App ${client_id}` }));
    there = await openConsole({ clients: [...apps, SPA] });
  });
  after(() => there.close());

  const opened = (t: TestContext, app: App, tab = ''): Promise<Page> =>
    there.visit(t, `/applications/${app}${tab}`);

  const metadataOf = async (app: App) => {
    const { store, tenant } = there.signet.provider;
    return (await store.findClient(tenant.id, app))?.metadata;
  };

  const rename = (page: Page, name: string): Promise<void> =>
    page.getByLabel('Name', { exact: true }).fill(name);

  test('a change is saved, and nothing else is touched by it', async (t) => {
    const page = await opened(t, 'saved');
    const registered = await metadataOf('saved');
    await rename(page, 'Renamed');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    assert.deepEqual(await metadataOf('saved'), { ...registered, client_name: 'Renamed' });
  });

  test('what the server refuses is said beside the field, and the form keeps what was typed', async (t) => {
    const page = await opened(t, 'refused');
    await page.getByLabel('Home page').fill('not an address');
    await press(page, 'Save');
    await page.getByText(/client_uri .*\./).waitFor();
    assert.equal(await page.getByLabel('Home page').inputValue(), 'not an address');
    assert.equal((await metadataOf('refused'))?.client_uri, undefined);
  });

  test('of two who change it at once nobody overwrites the other unseen', async (t) => {
    const page = await opened(t, 'raced');
    const other = await opened(t, 'raced');
    await other.getByLabel('Home page').fill('https://theirs.example.com/');
    await press(other, 'Save');
    await other.getByText('Saved.').waitFor();
    // A page behind another one draws nothing, and waits for its next frame.
    await page.bringToFront();
    await rename(page, 'Mine');
    await press(page, 'Save');
    await press(page, 'See what they changed');
    await page.getByText('They changed: client_uri.').waitFor();
    await press(page, 'Take theirs and put mine on top');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    const saved = await metadataOf('raced');
    assert.deepEqual([saved?.client_name, saved?.client_uri], ['Mine', 'https://theirs.example.com/']);
  });

  test('a new secret works beside the old one, so that nothing stands still', async (t) => {
    const page = await opened(t, 'rotated', '?tab=secret');
    await press(page, 'Make a new secret');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
    const field = page.getByText('Client secret', { exact: true });
    const secret = await field.locator('xpath=following-sibling::*[1]//code').innerText();
    const use = async (text: string): Promise<number> =>
      (await post(there.signet.url('/token'), { grant_type: 'client_credentials' }, basic('rotated', text)))
        .status;
    assert.deepEqual([await use(secret), await use(SECRET), await use('neither')], [200, 200, 401]);
    there.signet.clock.advance(86_401_000);
    assert.deepEqual([await use(secret), await use(SECRET)], [200, 401]);
  });

  test('a removed application is gone, and can be brought back', async (t) => {
    const page = await opened(t, 'removed', '?tab=secret');
    await press(page, 'Remove the application');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the application' }).click();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
    await page.getByRole('link', { name: 'spa' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'App removed' }).count(), 0);
    assert.equal(await metadataOf('removed'), undefined);
    await press(page, 'Bring back');
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('link', { name: 'App removed' }).waitFor();
    assert.equal((await metadataOf('removed'))?.client_name, 'App removed');
  });

  test('an old version is shown in the history, and comes back', async (t) => {
    const page = await opened(t, 'reverted');
    const registered = await metadataOf('reverted');
    await rename(page, 'Renamed');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('client_name was App reverted').waitFor();
    await press(page, 'Go back');
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
    await heading(page, 'App reverted');
    assert.deepEqual(await metadataOf('reverted'), registered);
  });
});
