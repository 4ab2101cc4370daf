import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { enter, heading, newProfile, press } from '../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { personAt, refresh, request, tokensFor, userinfo } from '../support/person.ts';
import { BOB, type Signet } from '../support/signet.ts';
import { buildConsole, consoleUrl, open, operator, signInAt } from './operator.ts';

const SAM = { username: 'sam', password: 'a password of some length' };

describe('users in the console', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    await buildConsole();
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const confirm = async (page: Page, action: string): Promise<void> => {
    await press(page, action);
    await page.getByRole('dialog').getByRole('button', { name: action }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  const findBob = async (page: Page, signet: Signet): Promise<void> => {
    await open(page, signet, '/users');
    await page.getByLabel('Search by username, name or e-mail').fill('Builder');
    await page.getByRole('link', { name: 'alice' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'bob' }).click();
    await heading(page, 'bob');
  };

  test('somebody is created and can sign in', async (t) => {
    const { page, signet } = await operator(t, browser);
    await open(page, signet, '/users/new');
    await page.getByLabel('Username').fill(SAM.username);
    await page.getByLabel('Name', { exact: true }).fill('Sam Sample');
    await page.getByLabel('Password', { exact: true }).fill(SAM.password);
    await press(page, 'Create');
    await heading(page, 'sam');
    const { page: theirs } = await newProfile(t, browser);
    await signInAt(theirs, signet, SAM);
    await heading(theirs, 'Your account');
    assert.equal(await theirs.getByLabel('Name', { exact: true }).inputValue(), 'Sam Sample');
  });

  test('a weak password is refused beside its field, and nobody is created', async (t) => {
    const { page, signet } = await operator(t, browser);
    await open(page, signet, '/users/new');
    await page.getByLabel('Username').fill('sam');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await press(page, 'Create');
    await page.getByText('password is shorter than 8 characters.').waitFor();
    assert.equal(await signet.provider.store.findUserByName(signet.provider.tenant.id, 'sam'), undefined);
  });

  test('who is disabled is out at once: the tokens die, and nobody signs in', async (t) => {
    const { page, signet } = await operator(t, browser);
    const person = personAt(signet);
    await person.grant(request(), BOB);
    const tokens = await tokensFor(signet, {}, person);
    assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 200);
    await findBob(page, signet);
    await confirm(page, 'Disable');
    await page.getByText('Disabled').waitFor();
    assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 401);
    assert.equal((await refresh(signet, tokens['refresh_token'] ?? '')).body['error'], 'invalid_grant');
    const { page: theirs } = await newProfile(t, browser);
    await theirs.goto(consoleUrl(signet));
    await enter(theirs, BOB);
    await theirs.getByRole('alert').waitFor();
    await confirm(page, 'Enable');
    await page.getByText('Disabled').waitFor({ state: 'detached' });
  });

  test('a new password takes the place of the old one', async (t) => {
    const { page, signet } = await operator(t, browser);
    await findBob(page, signet);
    await page.getByRole('tab', { name: 'Password' }).click();
    await page.getByLabel('New password').fill(SAM.password);
    await press(page, 'Set the password');
    await page.getByText('The new password is set.').waitFor();
    const { page: theirs } = await newProfile(t, browser);
    await signInAt(theirs, signet, { ...BOB, password: SAM.password });
    await heading(theirs, 'Your account');
  });

  test('the last administrator is not disabled by themselves, and is told why', async (t) => {
    const { page, signet } = await operator(t, browser);
    await open(page, signet, '/users');
    await page.getByRole('link', { name: 'alice' }).click();
    await press(page, 'Disable');
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('This is the last administrator who can sign in.').waitFor();
  });
});
