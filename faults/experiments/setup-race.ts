import { createHash } from 'node:crypto';
import { call, type World } from '../driver/world.ts';
import type { Bench } from '../experiment.ts';
import { type Sql, sqlAt } from '../kit/sql.ts';

const AT_ONCE = 50;

/** Rounds in which fifty people use one set-up link at once. Between them the administrator is taken away and a new link put in. */
export function setupRounds(world: World, bench: Bench, address: string): (round: number) => Promise<number> {
  let sql: Sql | undefined;
  return async (round) => {
    if (sql === undefined) {
      sql = await sqlAt(bench, address);
      bench.after(sql.close);
    }
    const token = Buffer.alloc(24, round + 1).toString('base64url');
    layOut(bench, sql, token);
    const ports = world.target.ports();
    const outcomes = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => {
        const form = {
          token,
          username: `admin-${round}-${index}`,
          password: 'the first of all administrators',
        };
        const port = ports[index % ports.length] ?? 0;
        return call(world, { path: '/setup', form }, { kind: 'set-up link', user: 0, port });
      }),
    );
    const administrators = Number(sql.ask("SELECT COUNT(*) FROM users WHERE role = 'admin'"));
    const successes = outcomes.filter(({ kind }) => kind === 'ok').length;
    if (successes > 1 || administrators !== 1)
      world.tally.violate(
        'I2',
        `${successes} of ${AT_ONCE} were told that they are the first of ${administrators} administrators`,
      );
    if (successes === 0) world.tally.violate('I5', 'nobody could use the set-up link');
    return successes;
  };
}

function layOut({ database }: Bench, sql: Sql, token: string): void {
  const hash = createHash('sha256').update(token).digest('hex');
  const bytes = database === 'sqlite' ? `x'${hash}'` : `'\\x${hash}'`;
  sql.ask("DELETE FROM users WHERE role = 'admin'");
  sql.ask('DELETE FROM setup_links');
  sql.ask(
    `INSERT INTO setup_links (tenant_id, secret_hash, expires_at) VALUES (1, ${bytes}, ${Date.now() + 3_600_000})`,
  );
}
