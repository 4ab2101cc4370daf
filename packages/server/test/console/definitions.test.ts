import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { heading, press } from '../browser/visitor.ts';
import { withoutBrowser } from '../pages/browser.ts';
import { openConsole, type SharedConsole } from './operator.ts';

const API = 'https://api.example.com/orders';

describe('scopes, APIs, groups and settings in the console', { skip: withoutBrowser }, () => {
  let there: SharedConsole;
  before(async () => {
    there = await openConsole();
  });
  after(() => there.close());

  const confirm = async (page: Page, action: string): Promise<void> => {
    await page.getByRole('dialog').getByRole('button', { name: action }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  test('a scope is added, changed, put back and removed', async (t) => {
    const page = await there.visit(t, '/scopes');
    await press(page, 'Add a scope');
    await page.getByLabel('Scope', { exact: true }).fill('orders:read');
    await page.getByLabel('Description').fill('See your orders');
    await press(page, 'Add');
    await heading(page, 'orders:read');
    await page.getByLabel('Description').fill('See what you ordered');
    await page.getByLabel('Claims that it opens').fill('email\n');
    await press(page, 'Save');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('description was See your orders').waitFor();
    await press(page, 'Go back');
    await confirm(page, 'Go back');
    await page.getByRole('tab', { name: 'Settings' }).click();
    assert.equal(await page.getByLabel('Description').inputValue(), 'See your orders');
    await press(page, 'Remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await heading(page, 'Scopes');
    await page.getByRole('link', { name: 'openid' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'orders:read' }).count(), 0);
  });

  test('a scope of the profile stays as it is, and says so', async (t) => {
    const page = await there.visit(t, '/scopes/openid');
    await page.getByText('It belongs to the profile of the provider').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
  });

  test('an API is added with its lifetime, and a faulty one is refused beside the field', async (t) => {
    const page = await there.visit(t, '/resources/new');
    await page.getByLabel('Address of the API').fill('no address');
    await press(page, 'Add');
    await page.getByText(/resource .*\./).waitFor();
    await page.getByLabel('Address of the API').fill(API);
    await page.getByLabel('Access tokens are good for').fill('120');
    await press(page, 'Add');
    await heading(page, API);
    assert.equal(await page.getByLabel('Access tokens are good for').inputValue(), '120');
  });

  test('a group is made, and a person is put in and taken out', async (t) => {
    const page = await there.visit(t, '/groups/new');
    await page.getByLabel('Name', { exact: true }).fill('staff');
    await press(page, 'Add');
    await heading(page, 'staff');
    await page.getByRole('tab', { name: 'People' }).click();
    await page.getByLabel('Username').fill('nobody');
    await press(page, 'Put in');
    await page.getByText('There is no user of that username.').waitFor();
    await page.getByLabel('Username').fill('bob');
    await press(page, 'Put in');
    await page.getByRole('link', { name: 'bob' }).click();
    await heading(page, 'bob');
    assert.equal(await page.getByLabel('Groups').inputValue(), 'staff');
    await page.getByLabel('Groups').fill('');
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await press(page, 'Save');
    assert.equal((await saved).status(), 200);
    await page.getByRole('link', { name: 'Groups' }).click();
    await page.getByRole('link', { name: 'staff' }).click();
    await page.getByRole('tab', { name: 'People' }).click();
    await page.getByText('Nobody is in it yet').waitFor();
  });

  test('what an application would be told of a user is shown with its reasons', async (t) => {
    const page = await there.visit(t, '/users');
    await page.getByRole('link', { name: 'alice' }).click();
    await page.getByRole('tab', { name: 'What an application sees' }).click();
    await page.getByLabel('Application (client_id)').fill('web-app');
    await press(page, 'Show');
    const claims = page.getByRole('table', { name: 'Userinfo' });
    await claims.getByRole('row').filter({ hasText: 'alice@example.com' }).waitFor();
  });

  test('a setting is changed, told as changed, and inherited again', async (t) => {
    const page = await there.visit(t, '/settings');
    await press(page, 'Change lifetimes.access_token');
    await page.getByLabel('Value').fill('300');
    await confirm(page, 'Save');
    const row = page.getByRole('row').filter({ hasText: 'lifetimes.access_token' });
    await row.getByText('an administrator').waitFor();
    await row.getByText('300', { exact: true }).waitFor();
    await press(page, 'Change lifetimes.access_token');
    await confirm(page, 'Inherit again');
    await row.getByText('the profile').waitFor();
  });
});
