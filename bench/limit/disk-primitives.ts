import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type Cost, costOf } from './cost.ts';

const ROWS = 100_000;

const MADE_FOR = JSON.stringify({
  client: 'bench',
  sub: 'b0c1d2e3-0000-4000-8000-000000000001',
  scope: 'openid offline_access',
  auth_time: 1_700_000_000,
  nonce: 'n-0S6_WzA2Mj',
});

/** Reading a row, adding one, and spending one while adding its successor, on a durable SQLite file with `group` of them in a commit. */
export function diskPrimitives(
  file: string,
  group: number,
): Readonly<{ lookUp: number; insert: Cost; rotate: Cost }> {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;
    CREATE TABLE artefact (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, kind INTEGER NOT NULL, expires INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0, made_for TEXT NOT NULL) STRICT`);
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const insert = database.prepare(
    'INSERT INTO artefact (id, hash, kind, expires, made_for) VALUES (?, ?, 2, 1900000000, ?)',
  );
  const spend = database.prepare('UPDATE artefact SET used = 1 WHERE id = ? AND used = 0');
  const find = database.prepare('SELECT hash, kind, expires, used, made_for FROM artefact WHERE id = ?');
  const secret = randomBytes(32);
  let next = 1;
  let oldest = 1;
  const inOneCommit = (times: number, work: () => void): void => {
    begin.run();
    for (let time = 0; time < times; time += 1) work();
    commit.run();
  };
  const add = (): void => {
    insert.run(next, secret, MADE_FOR);
    next += 1;
  };
  inOneCommit(ROWS, add);
  let at = 0;
  const costs = {
    insert: costOf(() => inOneCommit(group, add), group, 120),
    rotate: costOf(
      () =>
        inOneCommit(group, () => {
          spend.run(oldest);
          oldest += 1;
          add();
        }),
      group,
      120,
    ),
    lookUp: costOf(() => {
      at = (at + 7919) % ROWS;
      JSON.parse(String(find.get(at + 1)?.['made_for']));
    }).cpu,
  };
  database.close();
  return costs;
}
