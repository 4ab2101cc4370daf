import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { enter, heading, newProfile, press } from '../browser/visitor.ts';
import { withoutBrowser } from '../pages/browser.ts';
import { personAt, refresh, request, tokensFor, userinfo } from '../support/person.ts';
import { BOB } from '../support/signet.ts';
import { consoleUrl, openConsole, PEOPLE, type SharedConsole, signInAt } from './operator.ts';

const CAROL = { username: 'carol', password: 'the first password', claims: { name: 'Carol Singer' } };
const SAM = { username: 'sam', password: 'a password of some length' };

describe('users in the console', { skip: withoutBrowser }, () => {
  let there: SharedConsole;
  before(async () => {
    there = await openConsole({ users: [...PEOPLE, CAROL] });
  });
  after(() => there.close());

  const confirm = async (page: Page, action: string): Promise<void> => {
    await press(page, action);
    await page.getByRole('dialog').getByRole('button', { name: action }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  /** The page of somebody, found by a part of their name. */
  const find = async (t: TestContext, part: string, username: string): Promise<Page> => {
    const page = await there.visit(t, '/users');
    await page.getByLabel('Search by username, name or e-mail').fill(part);
    await page.getByRole('link', { name: 'alice' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: username }).click();
    await heading(page, username);
    return page;
  };

  test('somebody is created and can sign in', async (t) => {
    const { signet } = there;
    const page = await there.visit(t, '/users/new');
    await page.getByLabel('Username').fill(SAM.username);
    await page.getByLabel('Name', { exact: true }).fill('Sam Sample');
    await page.getByLabel('Password', { exact: true }).fill(SAM.password);
    await press(page, 'Create');
    await heading(page, 'sam');
    const { page: theirs } = await newProfile(t, there.browser);
    await signInAt(theirs, signet, SAM);
    await heading(theirs, 'Your account');
    assert.equal(await theirs.getByLabel('Name', { exact: true }).inputValue(), 'Sam Sample');
  });

  test('a weak password is refused beside its field, and nobody is created', async (t) => {
    const { signet } = there;
    const page = await there.visit(t, '/users/new');
    await page.getByLabel('Username').fill('weak');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await press(page, 'Create');
    await page.getByText('password is shorter than 8 characters.').waitFor();
    assert.equal(await signet.provider.store.findUserByName(signet.provider.tenant.id, 'weak'), undefined);
  });

  test('who is disabled is out at once: the tokens die, and nobody signs in', async (t) => {
    const { signet } = there;
    const person = personAt(signet);
    await person.grant(request(), BOB);
    const tokens = await tokensFor(signet, {}, person);
    assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 200);
    const page = await find(t, 'Builder', 'bob');
    await confirm(page, 'Disable');
    await page.getByText('Disabled').waitFor();
    assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 401);
    assert.equal((await refresh(signet, tokens['refresh_token'] ?? '')).body['error'], 'invalid_grant');
    const { page: theirs } = await newProfile(t, there.browser);
    await theirs.goto(consoleUrl(signet));
    await enter(theirs, BOB);
    await theirs.getByRole('alert').waitFor();
    await confirm(page, 'Enable');
    await page.getByText('Disabled').waitFor({ state: 'detached' });
  });

  test('a new password takes the place of the old one', async (t) => {
    const { signet } = there;
    const page = await find(t, 'Singer', 'carol');
    await page.getByRole('tab', { name: 'Password' }).click();
    await page.getByLabel('New password').fill(SAM.password);
    await press(page, 'Set the password');
    await page.getByText('The new password is set.').waitFor();
    const { page: theirs } = await newProfile(t, there.browser);
    await signInAt(theirs, signet, { ...CAROL, password: SAM.password });
    await heading(theirs, 'Your account');
  });

  test('the last administrator is not disabled by themselves, and is told why', async (t) => {
    const page = await there.visit(t, '/users');
    await page.getByRole('link', { name: 'alice' }).click();
    await press(page, 'Disable');
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('This is the last administrator who can sign in.').waitFor();
  });
});
