import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, auditFirst, listAudit } from '../../src/admin/audit.ts';
import { deleteClient, rotateClientSecret } from '../../src/admin/clients.ts';
import { rotateKeys } from '../../src/admin/keys.ts';
import { findUser, lockUser, setDisabled, setPassword, unlockUser } from '../../src/admin/users.ts';
import type { Provider } from '../../src/keys/provider.ts';
import { personAt, request } from '../support/person.ts';
import { ALICE, startSignet } from '../support/signet.ts';

const subOf = async (provider: Provider, name: string) => (await findUser(provider, name))?.sub;

test('a sign-in is recorded with who, from where, for which application and in which request', async (t) => {
  const signet = await startSignet(t, { trusted_proxies: ['127.0.0.1'] });
  const person = personAt(signet);
  const page = await person.authorize(request());
  const told = { 'x-forwarded-for': '192.0.2.7', 'x-request-id': 'the-request' };
  const visit = async (password: string) => {
    const form = /<form[^>]*action="([^"]*)"[\s\S]*?name="interaction" value="([^"]*)"/.exec(page.text);
    const body = new URLSearchParams({ interaction: form?.[2] ?? '', username: 'alice', password });
    return person.visit(new URL(form?.[1] ?? '', page.url).href, { method: 'POST', body, headers: told });
  };
  await visit('not-the-password');
  await visit(ALICE.password);
  const [success, failure] = await listAudit(signet.provider, { atMost: 2 });
  const alice = await subOf(signet.provider, 'alice');
  const both = { subject: alice, client_id: 'web-app', network: '192.0.2.7', request_id: 'the-request' };
  assert.deepEqual(success, {
    ...both,
    id: success?.id,
    at: success?.at,
    action: 'user.signed_in',
    actor: alice,
    facts: {},
  });
  assert.deepEqual(failure, {
    ...both,
    id: failure?.id,
    at: failure?.at,
    action: 'user.sign_in_failed',
    actor: 'nobody',
    facts: { why: 'wrong password' },
  });
  assert.equal(success?.at.slice(0, 13), new Date(signet.clock.now()).toISOString().slice(0, 13));
});

test('a name that is nobody’s is not recorded, since it may be a password', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  await person.submit(page, { username: 'wonderland-secret', password: 'x' });
  const events = await listAudit(signet.provider, { atMost: 99 });
  assert.deepEqual([events[0]?.action, events[0]?.subject], ['user.sign_in_failed', '']);
  assert.deepEqual(events[0]?.facts, { why: 'unknown name' });
  assert.doesNotMatch(JSON.stringify(events), /wonderland-secret/);
});

test('attempts that are not looked at leave no record, so that nobody fills the log', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  const guess = () => person.submit(page, { username: 'alice', password: 'not-the-password' });
  await Promise.all(Array.from({ length: 30 }, guess));
  const events = await listAudit(signet.provider, { action: 'user.sign_in_failed', atMost: 99 });
  assert.equal(events.length, 5);
});

test('what the configuration file makes is recorded as its own, once', async (t) => {
  const signet = await startSignet(t);
  await signet.app.apply();
  const events = await listAudit(signet.provider, { actor: 'configuration file', atMost: 99 });
  assert.deepEqual(events.map(({ action, subject }) => [action, subject]).toReversed(), [
    ['client.created', 'web-app'],
    ['client.created', 'spa'],
    ['user.created', await subOf(signet.provider, 'alice')],
    ['user.created', await subOf(signet.provider, 'bob')],
  ]);
});

test('what an administrator changes is recorded in the name of whoever holds the provider, without secrets', async (t) => {
  const signet = await startSignet(t);
  const { app } = signet;
  const provider = { ...signet.provider, acting: { actor: 'root', network: '192.0.2.9' } };
  await setDisabled(provider, 'alice', true);
  await setDisabled(provider, 'alice', false);
  await lockUser(provider, 'alice');
  await lockUser(provider, 'alice');
  await unlockUser(provider, 'alice');
  await unlockUser(provider, 'alice');
  await setPassword(provider, app.passwords, { name: 'alice', password: 'looking-glass' });
  const rotated = await rotateClientSecret(provider, 'web-app');
  await rotateKeys(provider, { when: 'now' });
  await deleteClient(provider, 'web-app');
  await deleteClient(provider, 'web-app');
  const events = await listAudit(provider, { actor: 'root', atMost: 99 });
  assert.deepEqual(
    events.map(({ action }) => action),
    [
      'client.deleted',
      'key.rotated',
      'client.secret_rotated',
      'user.password_set',
      'user.unlocked',
      'user.locked',
      'user.enabled',
      'user.disabled',
    ],
    'what changed nothing is not recorded',
  );
  assert.ok(events.every(({ network }) => network === '192.0.2.9'));
  assert.ok(typeof rotated === 'object' && rotated.client_secret !== undefined);
  const told = JSON.stringify(events);
  assert.ok(!told.includes(rotated.client_secret) && !told.includes('looking-glass'));
});

test('a record that cannot be stored is told in the log and stops nothing, unless it must be there first', async (t) => {
  const signet = await startSignet(t);
  const faults: string[] = [];
  const { store } = signet.provider;
  const provider: Provider = {
    ...signet.provider,
    store: { ...store, recordEvent: () => Promise.reject(new Error('the disk is full')) },
    warn: (fault, sentence) => void faults.push(`${sentence} ${String(fault)}`),
  };
  await audit(provider, { action: 'user.impersonated', subject: 'alice' });
  assert.deepEqual(faults, [
    'What was done is not in the audit log: user.impersonated. Error: the disk is full',
  ]);
  await assert.rejects(
    auditFirst(provider, { action: 'user.impersonated', subject: 'alice' }),
    /disk is full/,
  );
  await setDisabled(provider, 'alice', true);
  assert.notEqual((await findUser(provider, 'alice'))?.disabled_at, null);
});
