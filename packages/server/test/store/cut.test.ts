import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutSqliteFile, epochAfter, ISSUED } from '../../src/store/cut.ts';
import { withSqliteSource } from '../../src/store/move/sqlite-side.ts';
import { contents, fullDatabase } from './full-database.ts';
import { NOW } from './samples.ts';
import { temporaryFolder } from './temporary.ts';

/** What somebody has set, and memories that only ever make Signet stricter. */
const KEPT = [
  'audit_events',
  'client_versions',
  'clients',
  'consents',
  'counts',
  'definition_versions',
  'definitions',
  'deleted_clients',
  'deleted_users',
  'failures_in_a_row',
  'group_members',
  'idempotency_keys',
  'refusals',
  'registrations',
  'revoked_access_tokens',
  'sign_in_failures',
  'signet_database',
  'signing_keys',
  'tenants',
  'used_assertions',
  'user_groups',
  'users',
];

test('of every table it is decided whether a restore empties it', async (t) => {
  const path = `${temporaryFolder(t)}/signet.db`;
  await fullDatabase(path);
  const tables = await withSqliteSource(path, async (source) => source.tables.map(({ name }) => name));
  assert.deepEqual(tables, [...ISSUED, ...KEPT].toSorted());
});

test('a restore voids what people and programs hold, and keeps what was set and what was recorded', async (t) => {
  const path = `${temporaryFolder(t)}/signet.db`;
  await fullDatabase(path);
  cutSqliteFile(path, { now: NOW, epoch: epochAfter(NOW), cut: 'all' });
  const left = await withSqliteSource(path, contents);
  for (const table of ISSUED) assert.deepEqual(left[table], [], table);
  for (const table of KEPT) assert.notEqual(left[table]?.length, 0, table);
});
