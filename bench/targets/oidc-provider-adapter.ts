import { DatabaseSync } from 'node:sqlite';

// The plainest durable store that oidc-provider can be given: a row per artefact, each write its own commit, as its interface asks.

type Artefact = Readonly<Record<string, unknown> & { grantId?: string; uid?: string; userCode?: string }>;

const TABLES = `PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-65536;
  CREATE TABLE IF NOT EXISTS artefacts (model TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, expires INTEGER, consumed INTEGER,
    grant_id TEXT, uid TEXT, user_code TEXT, PRIMARY KEY (model, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS artefacts_by_grant ON artefacts (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS artefacts_by_uid ON artefacts (model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS artefacts_by_user_code ON artefacts (model, user_code) WHERE user_code IS NOT NULL;`;

const PUT = `INSERT INTO artefacts (model, id, content, expires, grant_id, uid, user_code) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (model, id) DO UPDATE SET content = excluded.content, expires = excluded.expires, grant_id = excluded.grant_id,
  uid = excluded.uid, user_code = excluded.user_code`;

/** The adapter of oidc-provider for one file, made anew for each of its models; durable at every write (synchronous=FULL). */
export function sqliteAdapter(file: string): (model: string) => object {
  const database = new DatabaseSync(file);
  database.exec(TABLES);
  const select = (where: string) =>
    database.prepare(`SELECT content, consumed FROM artefacts WHERE model = ? AND ${where} = ?`);
  const put = database.prepare(PUT);
  const byId = database.prepare(
    'SELECT content, consumed FROM artefacts WHERE model = ? AND id = ? AND (expires IS NULL OR expires > ?)',
  );
  const byUid = select('uid');
  const byUserCode = select('user_code');
  const consume = database.prepare('UPDATE artefacts SET consumed = ? WHERE model = ? AND id = ?');
  const destroy = database.prepare('DELETE FROM artefacts WHERE model = ? AND id = ?');
  const revoke = database.prepare('DELETE FROM artefacts WHERE grant_id = ?');
  const now = (): number => Math.floor(Date.now() / 1000);
  return (model) => ({
    upsert: async (id: string, artefact: Artefact, lifetime?: number) => {
      const { grantId = null, uid = null, userCode = null } = artefact;
      const expires = lifetime === undefined ? null : now() + lifetime;
      put.run(model, id, JSON.stringify(artefact), expires, grantId, uid, userCode);
    },
    find: async (id: string) => stored(byId.get(model, id, now())),
    findByUid: async (uid: string) => stored(byUid.get(model, uid)),
    findByUserCode: async (code: string) => stored(byUserCode.get(model, code)),
    consume: async (id: string) => void consume.run(now(), model, id),
    destroy: async (id: string) => void destroy.run(model, id),
    revokeByGrantId: async (grant: string) => void revoke.run(grant),
  });
}

function stored(row: Record<string, unknown> | undefined): object | undefined {
  if (row === undefined) return undefined;
  // What upsert has written.
  const artefact = JSON.parse(String(row['content'])) as Artefact;
  const consumed = row['consumed'];
  return consumed === null ? artefact : { ...artefact, consumed };
}
