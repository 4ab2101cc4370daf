import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { heading, newProfile, press } from '../../browser/visitor.ts';
import { buildConsole, open, signInAt } from '../../console/operator.ts';
import { launchBrowser, withoutBrowser } from '../../pages/browser.ts';
import { basic, claimsOf, personAt } from '../../support/person.ts';
import { ALICE, BOB, type Signet } from '../../support/signet.ts';
import { authorization, ROOT, startUserClouds, token } from './userclouds.ts';

const CALLBACK = 'https://portal.example/callback';
const HOUR = 3600;

const codeField = (page: Page, label: string) =>
  page.getByText(label, { exact: true }).locator('xpath=following-sibling::*[1]//code');

/** Registers a login app with the wizard; gives what the administrator copies. */
async function register(page: Page): Promise<{ client_id: string; client_secret: string }> {
  await page.getByRole('link', { name: 'Cells, oCIS or UserClouds program' }).click();
  await page.getByLabel('Program').selectOption('userclouds');
  await page.getByLabel('Name').fill('Portal');
  await page.getByLabel('Redirect URIs', { exact: true }).fill(CALLBACK);
  await press(page, 'Register');
  await heading(page, 'Portal is registered');
  return {
    client_id: await codeField(page, 'Client ID').innerText(),
    client_secret: await codeField(page, 'Client secret').innerText(),
  };
}

/** Every field of a login app, as an administrator of UserClouds knows them. */
async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill('Customer portal');
  await page.getByLabel('Description').fill('Where customers see their orders.');
  await page.getByRole('button', { name: 'Add another' }).first().click();
  await page.getByLabel('Redirect URIs, 2').fill('http://localhost:8080/callback');
  await page.getByLabel('After sign-out', { exact: true }).fill('https://portal.example/goodbye');
  await page.getByLabel('Home page').fill('https://portal.example/');
  await page.getByLabel('Privacy policy').fill('https://portal.example/privacy');
  await page.getByLabel('Terms of service').fill('https://portal.example/terms');
  await page.getByLabel('Consent').selectOption('Ask each person once');
  await page.getByLabel(/client_credentials/).check();
  await page.getByLabel(/password itself/).check();
  await page.getByLabel('Only these people').check();
  await page.getByLabel('Usernames').fill('alice\n');
  await page.getByLabel('Access tokens are good for').fill(String(HOUR));
  await page.getByLabel('Refresh tokens are good for').fill(String(24 * HOUR));
}

const registered = async ({ provider: { store, tenant } }: Signet, client_id: string) =>
  (await store.findClient(tenant.id, client_id))?.metadata;

/** What a person sees of the application: the page that asks for the password, and what follows on it. */
async function signInAs(signet: Signet, client_id: string, account: typeof ALICE) {
  const person = personAt(signet);
  const page = await person.authorize(authorization({ client_id, redirect_uri: CALLBACK }));
  const next = await person.submit(page, account);
  return { page, next, allow: () => person.submit(next, { decision: 'allow' }) };
}

test('the console manages every field of a login app, and nothing is changed before Save (row 111)', {
  skip: withoutBrowser,
}, async (t) => {
  await buildConsole();
  const [signet, browser] = await Promise.all([startUserClouds(t), launchBrowser()]);
  t.after(() => browser.close());
  const { page } = await newProfile(t, browser);
  await signInAt(page, signet, ROOT, '/applications/new');
  const { client_id, client_secret } = await register(page);
  const before = await registered(signet, client_id);

  await open(page, signet, `/applications/${client_id}`);
  await fillIn(page);
  await page.getByText('12 fields are changed and not saved.').waitFor();
  assert.deepEqual(await registered(signet, client_id), before);
  await press(page, 'Save');
  await page.getByText('Saved.').waitFor();

  const saved = await registered(signet, client_id);
  assert.deepEqual(saved, {
    ...before,
    client_name: 'Customer portal',
    description: 'Where customers see their orders.',
    redirect_uris: [CALLBACK, 'http://localhost:8080/callback'],
    post_logout_redirect_uris: ['https://portal.example/goodbye'],
    client_uri: 'https://portal.example/',
    policy_uri: 'https://portal.example/privacy',
    tos_uri: 'https://portal.example/terms',
    consent: 'remember',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
    allowed_users: ['alice'],
    access_token_lifetime: HOUR,
    refresh_token_lifetime: 24 * HOUR,
  });

  const alice = await signInAs(signet, client_id, ALICE);
  assert.match(alice.page.text, /Customer portal/);
  assert.match(alice.next.text, /https:\/\/portal\.example\/privacy/);
  assert.doesNotMatch(alice.page.text + alice.next.text, /Where customers see/);
  const code = new URL((await alice.allow()).location ?? '').searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
  const tokens = await token(signet, form, basic(client_id, client_secret));
  const { iat, exp } = claimsOf(String(tokens.body['access_token']));
  assert.equal(Number(exp) - Number(iat), HOUR);
  assert.equal((await signInAs(signet, client_id, BOB)).next.status, 403);

  await page.getByRole('tab', { name: 'Secret and removal' }).click();
  await page.getByLabel('The present secret').selectOption('Ends at once');
  await press(page, 'Make a new secret');
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
  const another = await codeField(page, 'Client secret').innerText();
  const use = async (secret: string) =>
    (await token(signet, { grant_type: 'client_credentials' }, basic(client_id, secret))).status;
  assert.deepEqual([await use(another), (await use(client_secret)) >= 400], [200, true]);
});
