import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { heading, press } from '../browser/visitor.ts';
import { withoutBrowser } from '../pages/browser.ts';
import { userinfo } from '../support/person.ts';
import { SPA, WEB_APP } from '../support/signet.ts';
import { open, openConsole, type SharedConsole } from './operator.ts';

const SERVICE = {
  client_id: 'nightly',
  client_secret: 'a secret of the nightly job',
  grant_types: ['client_credentials'],
};
const LOCKED = { ...SPA, client_id: 'locked', allowed_users: ['bob'] };
const OPAQUE = { ...SPA, client_id: 'opaque', access_token_format: 'opaque', access_token_lifetime: 120 };

describe('trying an application in the console', { skip: withoutBrowser }, () => {
  let there: SharedConsole;
  before(async () => {
    there = await openConsole({ clients: [WEB_APP, LOCKED, OPAQUE, SERVICE] });
  });
  after(() => there.close());

  const trials = async () => {
    const { store, tenant } = there.signet.provider;
    return (await store.listClients(tenant.id)).filter(({ metadata }) => /try/.test(metadata.client_id));
  };

  const row = (page: Page, table: string, claim: string) =>
    page
      .getByRole('table', { name: table })
      .getByRole('row')
      .filter({ hasText: new RegExp(`^${claim}`) });

  test('the whole sign-in is played, and every step, token and claim is shown with its reason', async (t) => {
    const page = await there.visit(t, '/applications/web-app?tab=try');
    await press(page, 'Try the sign-in');
    await heading(page, 'The sign-in works');
    await page.getByText('its signature is good').waitFor();
    assert.match(await row(page, 'ID token', 'iss').innerText(), /the issuer/);
    assert.match(
      await row(page, 'Userinfo', 'email').first().innerText(),
      /alice@example\.com.*scope email/s,
    );
    assert.match(await row(page, 'Access token', 'scope').innerText(), /openid profile email/);
    for (const step of ['Authorization request', 'Token request', 'Userinfo request', 'Refresh'])
      await page.getByText(step, { exact: true }).waitFor();
  });

  test('afterwards no trial, no living token and no secret is left anywhere', async (t) => {
    const page = await there.visit(t, '/applications/web-app?tab=try');
    await press(page, 'Try the sign-in');
    await heading(page, 'The sign-in works');
    await page.getByText('Refresh', { exact: true }).click();
    const token = /access_token: (\S+)/.exec(await page.locator('details[open]').innerText())?.[1] ?? '';
    assert.match(token, /^eyJ/);
    assert.equal((await userinfo(there.signet, token)).status, 401);
    assert.deepEqual(await trials(), []);
    assert.equal(page.url(), there.signet.url('/console/try'));
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    assert.doesNotMatch(String(kept), /eyJ|code|verifier|signet-try/);
    await page.reload();
    await page.getByText('No trial was begun in this tab').waitFor();
  });

  test('the tokens are those that the application itself would get', async (t) => {
    const page = await there.visit(t, '/applications/opaque?tab=try');
    await press(page, 'Try the sign-in');
    await heading(page, 'The sign-in works');
    await page.getByText('It is opaque').waitFor();
    await page.getByText('Token request', { exact: true }).click();
    assert.match(await page.locator('details[open]').innerText(), /expires_in: 120/);
  });

  test('what comes back as an error is told, and nothing is left of the trial', async (t) => {
    const page = await there.visit(t, '/applications/web-app?tab=try');
    await page.getByLabel('Ask for consent').check();
    await press(page, 'Try the sign-in');
    await press(page, 'Don’t allow');
    await heading(page, 'The sign-in does not work');
    await page.getByText('It went no further').waitFor();
    assert.deepEqual(await trials(), []);
  });

  test('a trial that ends on a page of the provider is removed when its person is back', async (t) => {
    const page = await there.visit(t, '/applications/locked?tab=try');
    await press(page, 'Try the sign-in');
    await page.getByText('This application isn’t open to you').waitFor();
    assert.equal((await trials()).length, 1);
    const removed = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await open(page, there.signet, '/applications/locked?tab=try');
    assert.equal((await removed).status(), 204);
    assert.deepEqual(await trials(), []);
  });

  test('an application to which nobody signs in says how it gets its tokens', async (t) => {
    const page = await there.visit(t, '/applications/nightly?tab=try');
    await page.getByText('People do not sign in to it.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try the sign-in' }).count(), 0);
  });
});
