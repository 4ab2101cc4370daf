import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ISSUED } from '../../src/store/cut.ts';
import { withSqliteSource } from '../../src/store/move/sqlite-side.ts';
import { fullDatabase } from './full-database.ts';
import { temporaryFolder } from './temporary.ts';

/** What somebody has set, and memories that only ever make Signet stricter. */
const KEPT = [
  'clients',
  'consents',
  'refusals',
  'revoked_access_tokens',
  'sign_in_failures',
  'signet_database',
  'signing_keys',
  'tenants',
  'used_assertions',
  'users',
];

test('of every table it is decided whether a restore empties it', async (t) => {
  const path = `${temporaryFolder(t)}/signet.db`;
  await fullDatabase(path);
  const tables = await withSqliteSource(path, async (source) => source.tables.map(({ name }) => name));
  assert.deepEqual(tables, [...ISSUED, ...KEPT].toSorted());
});
