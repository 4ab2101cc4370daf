import { setTimeout as pause } from 'node:timers/promises';
import { checkLines, finalCheck } from '../driver/checker.ts';
import { assertion } from '../driver/clients.ts';
import { type Mix, startMix } from '../driver/mix.ts';
import { quantile } from '../driver/tally.ts';
import { call, type World } from '../driver/world.ts';
import type { Bench, Experiment } from '../experiment.ts';
import { patchedServer } from '../kit/patch.ts';
import { sqlAt } from '../kit/sql.ts';
import { databaseOf, type Stage, setStage } from '../kit/stage.ts';

/**
 * E17: a great many expired rows are cleaned away under the mix, by two nodes at once on PostgreSQL, while short-lived tokens and
 * assertions must live to their last second. A copy of the server cleans every second and not every minute.
 */
export const cleanup: Experiment = {
  id: 'E17',
  title: 'cleanup under load',
  databases: ['sqlite', 'postgres'],
  run: async (bench) => {
    const program = patchedServer(`${bench.folder}/copy`, EVERY_SECOND, bench.program);
    const stage = await setStage(bench, {
      program,
      database: await databaseOf(bench),
      nodes: bench.database === 'postgres' ? 2 : 1,
      users: 6,
      refreshLife: 25_000,
      config: {
        lifetimes: { access_token: '20s', id_token: '20s', refresh_token: '25s', authorization_code: '20s' },
      },
    });
    const { world, tally } = stage;
    const mix = startMix(world, { users: 6, rest: 20 });
    const assertions = rememberAssertions(world);
    await pause(Math.max(3000, 12_000 * bench.size.scale));
    const before = quantile(tally.latencies(), 0.99);
    tally.forgetLatencies();
    const rows = Math.max(2000, Math.round(250_000 * bench.size.scale));
    const cleaned = await cleanAway(bench, { stage, mix, rows });
    const during = quantile(tally.latencies(), 0.99);
    // Every line that lives now is followed to its end.
    for (let round = 0; round < 10; round += 1) {
      await checkLines(world, mix, Date.now() - 20_000);
      await pause(1000);
    }
    await assertions.stop();
    await mix.stop();
    await finalCheck(world, mix, 3000);
    return {
      figure:
        `${rows} expired rows gone in ${cleaned.seconds.toFixed(1)} s (${Math.round(rows / cleaned.seconds)}/s), ` +
        `${cleaned.left} left; p99 ${before.toFixed(0)} ms before, ${during.toFixed(0)} ms meanwhile; ` +
        `${tally.noted('tokens looked at')} living and expired tokens looked at, ${assertions.tried()} assertions tried again, ` +
        `${tally.violationCount()} violations`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
      figures: { rows, seconds: cleaned.seconds, p99Before: before, p99During: during },
    };
  },
};

export const EVERY_SECOND = [
  {
    file: 'src/cli/maintenance.ts',
    from: 'export const MAINTENANCE_PERIOD = 60_000;',
    to: 'export const MAINTENANCE_PERIOD = 1000;',
  },
];

type Work = Readonly<{ stage: Stage; mix: Mix; rows: number }>;

/** Puts in rows that expired a day ago and waits until they are gone. */
async function cleanAway(
  bench: Bench,
  { stage, mix, rows }: Work,
): Promise<{ seconds: number; left: number }> {
  const sql = await sqlAt(bench, stage.deployment.database);
  bench.after(sql.close);
  const expired = Date.now() - 26 * 3_600_000;
  const count = (): number =>
    Number(sql.ask(`SELECT COUNT(*) AS n FROM revoked_access_tokens WHERE expires_at = ${expired}`));
  const part = 20_000;
  for (let from = 0; from < rows; from += part) {
    sql.ask(insertion(bench, { from, to: Math.min(rows, from + part) - 1, expired }));
    await pause(20);
  }
  const start = Date.now();
  let left = count();
  while (left > 0 && Date.now() - start < 600_000) {
    await checkLines(stage.world, mix, Date.now() - 1000);
    await pause(200);
    left = count();
  }
  if (left > 0) stage.tally.violate('I5', `${left} expired rows are still there after ten minutes`);
  return { seconds: (Date.now() - start) / 1000 || 0.001, left };
}

const insertion = (
  bench: Bench,
  { from, to, expired }: { from: number; to: number; expired: number },
): string =>
  bench.database === 'sqlite'
    ? `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
       INSERT INTO revoked_access_tokens (tenant_id, jti, expires_at) SELECT 1, 'expired-' || i, ${expired} FROM n`
    : `INSERT INTO revoked_access_tokens (tenant_id, jti, expires_at)
       SELECT 1, 'expired-' || i, ${expired} FROM generate_series(${from}, ${to}) AS i`;

const LIFE = 15;

/** Uses assertions and tries each again until just before its end: a cleaner must not have forgotten it (I7). */
function rememberAssertions(world: World): { tried: () => number; stop: () => Promise<void> } {
  let tried = 0;
  const state = { isOver: false };
  const use = (form: Readonly<Record<string, string>>) =>
    call(
      world,
      { path: '/token', form: { grant_type: 'client_credentials', ...form } },
      { kind: 'jti', user: 0 },
    );
  const follow = async (number: number): Promise<void> => {
    const form = assertion(world.target.issuer, `cleanup-${number}`, LIFE);
    const start = Date.now();
    if ((await use(form)).kind !== 'ok') return;
    while (Date.now() - start < 1000 * (LIFE - 2) && !state.isOver) {
      await pause(1500);
      tried += 1;
      if ((await use(form)).kind === 'ok')
        world.tally.violate('I7', 'a used assertion is good again before its end');
    }
  };
  const followers: Promise<void>[] = [];
  const timer = setInterval(() => void followers.push(follow(followers.length)), 700);
  return {
    tried: () => tried,
    stop: async () => {
      state.isOver = true;
      clearInterval(timer);
      await Promise.all(followers);
    },
  };
}
