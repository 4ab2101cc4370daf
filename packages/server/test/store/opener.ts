import { masterSecret } from '../../src/master-secret.ts';
import { systemRandom } from '../../src/model/secret.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { NOW } from './samples.ts';

/** What this process is asked to open, once for each message. */
export type Wish = Readonly<{ kind: 'database' | 'master secret'; path: string }>;

/** What came of it: something by which two results are told apart, or the reason of the refusal. */
export type Opened = Readonly<{ result: string } | { refused: string }>;

async function open({ kind, path }: Wish): Promise<string> {
  if (kind === 'master secret') {
    return masterSecret({ database: `sqlite:${path}` }, systemRandom).secret.toString('base64');
  }
  const store = sqlStore(openSqlite(path, NOW));
  const tenant = { name: 'one', issuer: 'https://one.example', secret_sealed: systemRandom(16) };
  const { secret_sealed } = await store.saveTenant(tenant, NOW);
  await store.close();
  return Buffer.from(secret_sealed).toString('base64');
}

process.on('message', async (wish: Wish) => {
  const opened = await open(wish).then(
    (result) => ({ result }),
    (fault: Error) => ({ refused: fault.message }),
  );
  process.send?.(opened);
});
process.send?.('ready');
