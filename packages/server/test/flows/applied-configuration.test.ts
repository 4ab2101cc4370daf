import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyWanted } from '../../src/admin/apply.ts';
import type { UserRecord } from '../../src/admin/user-record.ts';
import { findUser, setDisabled, setPassword } from '../../src/admin/users.ts';
import { answerOf, personAt, request } from '../support/person.ts';
import { ALICE, type Signet, startSignet } from '../support/signet.ts';

const FILE = { ...ALICE, claims: { name: 'Alice Example' }, role: 'user' } as const;

const applyUser = ({ app, provider }: Signet, user: UserRecord) =>
  applyWanted(provider, app.passwords, {
    clients: [],
    users: [user],
    groups: [],
    replaced: [],
    scopes: [],
    resources: [],
  });

test('a user disabled by an operator stays so when the file says nothing of it', async (t) => {
  const signet = await startSignet(t);
  const { provider } = signet;
  await setDisabled(provider, 'alice', true);
  await applyUser(signet, FILE);
  assert.ok((await findUser(provider, 'alice'))?.disabled_at);
  await applyUser(signet, { ...FILE, disabled: false });
  assert.equal((await findUser(provider, 'alice'))?.disabled_at, null);
});

test('a password that was changed since is kept, until the file gives another one', async (t) => {
  const signet = await startSignet(t);
  const { app, provider } = signet;
  await setPassword(provider, app.passwords, { name: 'alice', password: 'a-new-one-of-her-own' });
  await applyUser(signet, FILE);
  const own = await personAt(signet).grant(request(), { ...ALICE, password: 'a-new-one-of-her-own' });
  assert.ok(answerOf(own)['code']);
  await applyUser(signet, { ...FILE, password: 'another-in-the-file' });
  const given = await personAt(signet).grant(request(), { ...ALICE, password: 'another-in-the-file' });
  assert.ok(answerOf(given)['code']);
});

test('applying an unchanged file changes nothing and signs nobody out', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  await person.grant(request());
  await signet.app.apply();
  assert.ok(answerOf(await person.authorize(request({ prompt: 'none' })))['code']);
});
