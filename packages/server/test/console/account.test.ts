import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { enter, heading, newProfile, press, type Visitor, visitor } from '../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { answerOf, exchange, personAt, request, userinfo } from '../support/person.ts';
import { BOB, SPA, WEB_APP } from '../support/signet.ts';
import { buildConsole, PEOPLE, signInAt } from './operator.ts';

const NEW_PASSWORD = 'another password of Bob';

describe('the own account in the console', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    await buildConsole();
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** Bob, who has no role, at his own account. */
  async function bob(t: TestContext, tab?: string): Promise<Visitor> {
    const clients = [{ ...WEB_APP, consent: 'remember' }, SPA];
    const there = await visitor(t, browser, { config: { clients, users: PEOPLE } });
    await signInAt(there.page, there.signet, BOB);
    await heading(there.page, 'Your account');
    if (tab !== undefined) await there.page.getByRole('tab', { name: tab }).click();
    return there;
  }

  test('a person changes the own name, and nothing that would prove something', async (t) => {
    const { page, signet } = await bob(t);
    await page.getByLabel('Name', { exact: true }).fill('Robert Builder');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    const { store, tenant } = signet.provider;
    const user = await store.findUserByName(tenant.id, 'bob');
    assert.deepEqual([user?.claims['name'], user?.role], ['Robert Builder', 'user']);
    assert.equal(await page.getByLabel('E-mail').isEditable(), false);
  });

  test('a new password needs the present one, and signs the person out everywhere', async (t) => {
    const { page } = await bob(t, 'Password');
    const change = async (current: string): Promise<void> => {
      await page.getByLabel('Present password').fill(current);
      await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
      await page.getByLabel('New password again').fill(NEW_PASSWORD);
      await press(page, 'Change the password');
    };
    await change('a guess');
    await page.getByText('current_password is not your password.').waitFor();
    await change(BOB.password);
    await press(page, 'Sign in again');
    await enter(page, { ...BOB, password: NEW_PASSWORD });
    await heading(page, 'Your account');
  });

  test('a person sees where they are signed in, and signs out elsewhere', async (t) => {
    const { page, signet } = await bob(t);
    const { page: other } = await newProfile(t, browser);
    await signInAt(other, signet, BOB);
    await heading(other, 'Your account');
    await page.getByRole('tab', { name: 'Sessions' }).click();
    const rows = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'Sign out' }) });
    await rows.nth(1).waitFor();
    assert.equal(await rows.count(), 2);
    assert.equal(await rows.filter({ hasText: 'This one' }).count(), 1);
    await rows.filter({ hasNotText: 'This one' }).getByRole('button').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await rows.nth(1).waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 1);
    await other.reload();
    await other.getByLabel('Username').waitFor();
  });

  test('what was allowed to an application can be taken back, and its tokens die', async (t) => {
    const { page, signet } = await bob(t);
    const { code = '' } = answerOf(await personAt(signet).grant(request(), BOB));
    const token = String((await exchange(signet, code)).body['access_token']);
    assert.equal((await userinfo(signet, token)).status, 200);
    await page.getByRole('tab', { name: 'Applications' }).click();
    await page.getByRole('row').filter({ hasText: 'Web App' }).getByRole('button').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('You have not allowed anything to any application').waitFor();
    assert.equal((await userinfo(signet, token)).status, 401);
  });
});
