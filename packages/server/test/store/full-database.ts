import { DatabaseSync } from 'node:sqlite';
import type { Side } from '../../src/store/move/side.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import {
  bytes,
  consentTo,
  DAY,
  HOSTILE,
  household,
  metadata,
  NOW,
  newEvent,
  newGroup,
  newInitialToken,
  newKey,
  newRegistration,
  newSecret,
  newSession,
  newToken,
  newUser,
  offlineGrant,
  SECRET,
} from './samples.ts';

/** A closed SQLite database with something in every table, hostile texts and gaps in its numbers. */
export async function fullDatabase(path: string, people = 0): Promise<void> {
  const store = sqlStore(openSqlite(path, NOW));
  const home = await household(store);
  const { tenant, client, user } = home;
  await offlineGrant(store, home);
  await store.createUser(tenant, newUser(HOSTILE, { claims: { note: `${HOSTILE}\n\\x00"` } }), NOW);
  await store.createGroup(tenant, newGroup(HOSTILE, { description: HOSTILE }), NOW);
  await store.addMember(tenant, { group: HOSTILE, user_id: user }, NOW);
  await store.createUser(tenant, newUser('nobody', { password_hash: null }), NOW);
  await Promise.all(
    Array.from({ length: people }, (_, n) => store.createUser(tenant, newUser(`user ${n}`), NOW)),
  );
  await store.saveConsent(tenant, consentTo(client, user));
  await store.addKey(tenant, newKey('kid'), { unlessSince: 0, retireOthersAt: NOW });
  await store.useAssertion(tenant, client, { jti_hash: bytes('jti'), expires_at: NOW + DAY });
  await store.revokeAccessToken(tenant, 'jti', NOW + DAY);
  await store.beginAttempt(
    tenant,
    `account ${HOSTILE}`,
    { free: 1, unit: 1, doublings: 1, forgetAfter: DAY },
    NOW,
  );
  await store.saveSetupLink(tenant, bytes('link'), NOW + DAY);
  await store.saveRefusal(tenant, {
    reference: 'REF',
    at: NOW,
    rule: 'rule',
    error: 'error',
    endpoint: 'token',
    client_id: null,
    facts: { received: '\u0000' },
  });
  await store.countFailure(tenant, HOSTILE, 10, NOW);
  await store.lockUser(tenant, user, NOW);
  await store.createPersonalToken(tenant, newToken(user));
  await store.saveOneTimeSecret(tenant, newSecret(user));
  const gone = {
    metadata: metadata('gone', { client_name: HOSTILE }),
    secret: SECRET,
    source: 'manual',
  } as const;
  await store.createClient(tenant, gone, NOW);
  await store.deleteClient(tenant, 'gone', NOW);
  await store.createInitialAccessToken(tenant, newInitialToken(), newEvent('token.made'));
  const registered = newRegistration('own', { software_statement: HOSTILE, expires_at: NOW + DAY });
  await store.registerClient(tenant, registered, NOW);
  await store.createUser(tenant, newUser('gone'), NOW);
  await store.deleteUser(tenant, (await store.findUserByName(tenant, 'gone'))?.id ?? 0, NOW);
  await store.addCounts(tenant, [{ name: HOSTILE, hour: NOW, count: 7 }]);
  const definition = { kind: 'scope', value: { scope: 'orders', description: HOSTILE, claims: [] } } as const;
  await store.createDefinition(
    tenant,
    { definition, source: 'manual', event: newEvent('scope.created') },
    NOW,
  );
  const claim = { key_hash: bytes('key'), request_hash: bytes('x'), abandonedAfter: DAY, keptFor: DAY };
  await store.claimIdempotencyKey(tenant, claim, NOW);
  await store.recordEvent(tenant, newEvent('user.locked', { facts: { note: HOSTILE } }));
  // The last number of a table may belong to a row that is gone.
  await store.startSession(tenant, newSession(user));
  await store.close();
  const connection = new DatabaseSync(path);
  connection.exec('DELETE FROM browser_sessions WHERE id > 1; UPDATE signet_database SET epoch = 7000');
  connection.close();
}

/** Every row of a database, in words that do not depend on which database it is. */
export async function contents(source: Side): Promise<Record<string, readonly string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of source.tables) {
    const rows: string[] = [];
    for await (const batch of source.batches(table)) {
      for (const row of batch) {
        const values = table.columns.map((column) => {
          const value = row[column] ?? null;
          return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
        });
        rows.push(JSON.stringify(values));
      }
    }
    tables[table.name] = rows.toSorted();
  }
  return {
    ...tables,
    numbers: [...(await source.lastNumbers())]
      .filter(([, n]) => n > 0)
      .map(String)
      .toSorted(),
  };
}
