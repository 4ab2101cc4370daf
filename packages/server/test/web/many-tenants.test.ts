import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FEW } from '../../src/app/tenants.ts';
import type { App } from '../../src/app.ts';
import { answerOf, personAt, request } from '../support/person.ts';
import { configOf, type Signet, USERS, WEB_APP } from '../support/signet.ts';
import { startTenants, tenantSignet, textOf } from '../support/tenants.ts';

type Many = Readonly<{ app: App; at: (name: string) => string; text: (names: readonly string[]) => string }>;

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** Tenants of one host, told apart by their paths. */
async function startMany(t: TestContext, names: readonly string[]): Promise<Many> {
  let origin = '';
  const tenant = (name: string) => ({
    name,
    issuer: `${origin}/${name}`,
    clients: [WEB_APP],
    users: USERS,
  });
  const app = await startTenants(t, (port) => {
    origin = `http://localhost:${port}`;
    return names.map(tenant);
  });
  return { app, at: (name) => `${origin}/${name}`, text: (present) => textOf(present.map(tenant)) };
}

const openedNames = (app: App): readonly string[] => app.opened().map(({ tenant }) => tenant.name);

const discovery = (issuer: string): Promise<Response> => fetch(`${issuer}/.well-known/openid-configuration`);

function signetOf({ app }: Many, name: string): Signet {
  const provider = app.opened().find(({ tenant }) => tenant.name === name);
  assert.ok(provider, name);
  return tenantSignet(app, provider);
}

test('of many tenants only those that are used are opened, each once', async (t) => {
  const many = await startMany(t, named(FEW + 4));
  assert.deepEqual(openedNames(many.app), []);
  const answers = await Promise.all(Array.from({ length: 5 }, () => discovery(many.at('t3'))));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.deepEqual(openedNames(many.app), ['t3']);
  assert.ok(answerOf(await personAt(signetOf(many, 't3')).grant(request()))['code']);
});

test('few tenants are opened at the start', async (t) => {
  const { app } = await startMany(t, named(FEW));
  assert.equal(openedNames(app).length, FEW);
});

test('a tenant that is added is served at once, and those that stay keep their sessions', async (t) => {
  const many = await startMany(t, ['a', 'b']);
  const person = personAt(signetOf(many, 'a'));
  await person.grant(request());
  const before = signetOf(many, 'a').provider;
  assert.equal((await discovery(many.at('c'))).status, 404);
  const changes = many.app.adopt(configOf(many.text(['a', 'c'])));
  assert.deepEqual(changes, { added: ['c'], changed: [], removed: ['b'] });
  assert.equal((await discovery(many.at('c'))).status, 200);
  assert.equal((await discovery(many.at('b'))).status, 404);
  assert.ok(answerOf(await person.authorize(request({ prompt: 'none' })))['code']);
  assert.equal(signetOf(many, 'a').provider, before);
});

test('a tenant that is changed is served as it is configured now, with the sessions it had', async (t) => {
  const many = await startMany(t, ['a', 'b']);
  const person = personAt(signetOf(many, 'a'));
  await person.grant(request());
  const config = configOf(many.text(['a', 'b']));
  const [first, ...others] = config.tenants;
  assert.ok(first);
  const changed = { ...first, settings: { ...first.settings, consent: 'always' as const } };
  const clients = first.clients.map((client) => ({
    ...client,
    metadata: { ...client.metadata, consent: 'always' as const },
  }));
  const changes = many.app.adopt({ ...config, tenants: [{ ...changed, clients }, ...others] });
  assert.deepEqual(changes, { added: [], changed: ['a'], removed: [] });
  assert.equal(
    answerOf(await person.authorize(request({ prompt: 'none' })))['error'],
    'consent_required',
    'still signed in, and asked from now on',
  );
});
