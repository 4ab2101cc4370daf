import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { heading, newProfile, press } from '../browser/visitor.ts';
import { withoutBrowser } from '../pages/browser.ts';
import { SPA, USERS, WEB_APP } from '../support/signet.ts';
import { openConsole, PEOPLE, type SharedConsole, signInAt } from './operator.ts';

const API = 'https://api.example.com/orders';
const MIA = { username: 'mia', password: 'a password of an auditor', role: 'auditor' };
const CONFIG = {
  dynamic_registration: 'token',
  users: [...PEOPLE, MIA],
  resources: [{ resource: API, name: 'Orders', scope: 'orders:read' }],
  scopes: [{ scope: 'orders:read', description: 'See your orders' }],
};

describe('what an operator looks up and takes along in the console', { skip: withoutBrowser }, () => {
  let there: SharedConsole;
  before(async () => {
    there = await openConsole(CONFIG);
  });
  after(() => there.close());

  const clientOf = async (client_id: string) => {
    const { store, tenant } = there.signet.provider;
    return (await store.findClient(tenant.id, client_id))?.metadata;
  };

  test('the scopes say which claims they open, and the APIs which scopes they have', async (t) => {
    const page = await there.visit(t, '/');
    await page.getByRole('link', { name: 'Scopes' }).click();
    await page.getByRole('link', { name: 'email', exact: true }).click();
    await heading(page, 'email');
    assert.match(await page.getByLabel('Claims that it opens').inputValue(), /^email\nemail_verified$/m);
    await page.getByRole('link', { name: 'APIs' }).click();
    await page.getByRole('link', { name: API }).click();
    await heading(page, API);
    assert.equal(await page.getByLabel('Scopes').inputValue(), 'orders:read');
  });

  test('an application shows what it inherits, with its value', async (t) => {
    const page = await there.visit(t, '/applications/web-app');
    const field = page.getByLabel('Access tokens are good for');
    await page
      .getByPlaceholder(/^600 \(as the provider says\)$/)
      .first()
      .waitFor();
    assert.equal(await field.inputValue(), '');
    await page.getByText('As the provider says: jwt').waitFor({ state: 'attached' });
  });

  test('an auditor reads every field, is told why none can be changed, and finds no button that does', async (t) => {
    const { page } = await newProfile(t, there.browser);
    await signInAt(page, there.signet, MIA, '/applications/web-app');
    await page.getByText('Your role does not change applications.').waitFor();
    assert.equal(await page.getByLabel('Name', { exact: true }).isDisabled(), true);
    assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('link', { name: 'bob' }).click();
    await page.getByText('Your role does not change users.').waitFor();
    for (const name of ['Save', 'Disable', 'Remove'])
      assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
  });

  test('a removed user comes back with the same password', async (t) => {
    const page = await there.visit(t, '/users');
    await page.getByRole('link', { name: 'bob' }).click();
    await press(page, 'Remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await press(page, 'Bring back');
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('link', { name: 'bob' }).waitFor();
    const { page: theirs } = await newProfile(t, there.browser);
    await signInAt(theirs, there.signet, USERS[1]);
    await heading(theirs, 'Your account');
  });

  test('applications go out as a file without secrets, and come in after what changes was shown', async (t) => {
    const page = await there.visit(t, '/applications/transfer');
    await press(page, 'Choose applications');
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')]);
    const text = readFileSync(await download.path(), 'utf8');
    const { clients } = JSON.parse(text);
    assert.deepEqual(
      clients.map(({ client_id }: { client_id: string }) => client_id),
      ['spa', 'web-app'],
    );
    assert.doesNotMatch(text, new RegExp(`${WEB_APP.client_secret}|client_secret"|version|created_at`));

    const [spa, webApp] = clients;
    const file = [{ ...spa, client_name: 'Page' }, webApp, { ...spa, client_id: 'another' }];
    await page.getByRole('tab', { name: 'Import' }).click();
    await page.getByLabel('The file').fill(JSON.stringify(file));
    await press(page, 'See what would change');
    await page.getByText('client_name: not set → Page').waitFor();
    assert.deepEqual(
      [(await clientOf('spa'))?.client_name, await clientOf('another')],
      [undefined, undefined],
    );
    await press(page, 'Make these 2 changes');
    await page.getByText('New: done').waitFor();
    assert.equal((await clientOf('spa'))?.client_name, 'Page');
    assert.deepEqual((await clientOf('another'))?.redirect_uris, SPA.redirect_uris);
  });

  test('a file that is none, or that no server would take, changes nothing and says where it is wrong', async (t) => {
    const page = await there.visit(t, '/applications/transfer');
    await page.getByRole('tab', { name: 'Import' }).click();
    for (const [text, says] of [
      ['{', /This is no JSON/],
      ['[{}]', /Entry 1 has no client_id/],
      ['[{"client_id":"a"},{"client_id":"a"}]', /a stands there twice/],
      ['[{"client_id":"a","redirect_uris":["http://shop.example.com/"]}]', /redirect_uris: .*Use https/],
    ] as const) {
      await page.getByLabel('The file').fill(text);
      await press(page, 'See what would change');
      await page.getByText(says).waitFor();
    }
    await page
      .getByLabel('The file')
      .fill('[{"client_id":"a","redirect_uris":["https://a.example/"],"consent":"never"}]');
    await press(page, 'See what would change');
    await press(page, 'Make this change');
    await page.getByText('New: not accepted').waitFor();
    assert.equal(await clientOf('a'), undefined);
  });

  test('the keys are drawn over time, and the tenants are listed with their issuer', async (t) => {
    const page = await there.visit(t, '/keys');
    await page.locator('svg.timeline rect.signs').first().waitFor({ state: 'attached' });
    await page.getByRole('link', { name: 'Tenants' }).click();
    await page.getByRole('cell', { name: there.signet.issuer, exact: true }).waitFor();
  });

  test('an initial access token is made, shown once, registers an application, and is ended', async (t) => {
    const page = await there.visit(t, '/applications');
    await page.getByRole('link', { name: 'Initial access tokens' }).click();
    await page.getByText('No program may register itself by a token').waitFor();
    await page.getByLabel('For whom').fill('Team Orders');
    await page.getByLabel('Applications').fill('2');
    await press(page, 'Make a token');
    const token = await page.getByText(/^sgia_/).innerText();
    const registered = await fetch(there.signet.url('/register'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ redirect_uris: ['https://orders.example/cb'] }),
    });
    assert.equal(registered.status, 201, await registered.text());
    await page.reload();
    const row = page.getByRole('row').filter({ hasText: 'Team Orders' });
    await row.getByText('1 of 2').waitFor();
    assert.equal(await page.getByText(token).count(), 0);
    await row.getByRole('button', { name: 'End' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('a faulty wish for such a token is refused beside its field', async (t) => {
    const page = await there.visit(t, '/applications/registration');
    await page.getByLabel('Applications').fill('0');
    await press(page, 'Make a token');
    await page.getByText(/at least 1|must be/).waitFor();
  });
});
