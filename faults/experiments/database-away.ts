import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { finalCheck } from '../driver/checker.ts';
import { SERVICE } from '../driver/clients.ts';
import type { Entry } from '../driver/log.ts';
import { startMix } from '../driver/mix.ts';
import type { World } from '../driver/world.ts';
import type { Bench, Experiment } from '../experiment.ts';
import { type HttpClient, httpClient } from '../kit/http.ts';
import { type Cluster, findPostgres } from '../kit/postgres.ts';
import type { TcpProxy } from '../kit/proxy.ts';
import { proxiedDatabase, type Stage, setStage } from '../kit/stage.ts';

/** Milliseconds within which a request that cannot be done must be answered, and what a busy machine may add. */
const LIMIT = 2000;
const SLACK = 600;

/** A way in which the database goes away and comes back. */
type Outage = Readonly<{
  name: string;
  /** False where the database is there and only busy. */
  isAbsent?: false;
  begin: () => Promise<void> | void;
  end: () => Promise<void> | void;
}>;

/** E4: the database is stopped, frozen, out of reach or locked, for half a minute each, under the mix. */
export const databaseAway: Experiment = {
  id: 'E4',
  title: 'database away',
  databases: ['postgres'],
  run: async (bench) => {
    const { cluster, proxy, direct, through } = await proxiedDatabase(bench);
    const stage = await setStage(bench, { database: through, users: 8, patience: 120_000 });
    const name = new URL(direct).pathname.slice(1);
    const watch = watchAcknowledgements(stage.world);
    const mix = startMix(watch.world, { users: 8, rest: 30 });
    await pause(2000);
    const figures: string[] = [];
    const connections = (): number =>
      Number(
        cluster.sql(
          'postgres',
          `SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'signet' AND datname = '${name}'`,
        ),
      );
    const before = connections();
    for (const outage of outagesOf(bench, { cluster, proxy, name })) {
      const seconds = Math.max(5, 30 * bench.size.scale);
      figures.push(await endure(stage, outage, { seconds, watch }));
      bench.say(figures.at(-1) ?? '');
      await pause(1500);
    }
    await mix.stop();
    await finalCheck(watch.world, mix, 2000);
    await pause(500);
    return {
      figure: `${figures.join('; ')}; connections ${before} before, ${connections()} after; ${stage.tally.of('ok')} acknowledged in all`,
      violations: stage.tally.violations(),
      acknowledged: stage.tally.of('ok'),
    };
  },
};

type Away = Readonly<{ cluster: Cluster; proxy: TcpProxy; name: string }>;

function outagesOf(bench: Bench, { cluster, proxy, name }: Away): readonly Outage[] {
  let locked: (() => Promise<void>) | undefined;
  return [
    { name: 'stopped', begin: () => cluster.stop(), end: () => cluster.start() },
    { name: 'frozen', begin: () => cluster.freeze('SIGSTOP'), end: () => cluster.freeze('SIGCONT') },
    { name: 'black hole', begin: () => proxy.be('black-hole'), end: () => returnFromBlackHole(proxy) },
    { name: 'refused', begin: () => proxy.be('refuse'), end: () => proxy.be('pass') },
    {
      name: 'tables locked',
      isAbsent: false,
      begin: async () => {
        locked = await lockTables(bench, cluster, name);
      },
      end: async () => locked?.(),
    },
  ];
}

/** What was swallowed is lost: the connections of that time are of no use to either side. */
function returnFromBlackHole(proxy: TcpProxy): void {
  proxy.be('pass');
  proxy.cutAll();
}

/** Holds locks that every verb waits for, in a session of psql, so that the pool runs empty. */
async function lockTables(bench: Bench, cluster: Cluster, name: string): Promise<() => Promise<void>> {
  const psql = spawn(
    `${findPostgres()}/psql`,
    ['--host=127.0.0.1', `--port=${cluster.port}`, '--username=signet', '--no-psqlrc', '--quiet', name],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  bench.after(() => void psql.kill());
  psql.stdin.write('BEGIN; LOCK TABLE grants, clients, users IN ACCESS EXCLUSIVE MODE; SELECT 1;\n');
  await once(psql.stdout, 'data');
  return async () => {
    psql.stdin.end('ROLLBACK;\n');
    await once(psql, 'exit');
  };
}

type Watched = Readonly<{
  world: World;
  /** From now on no acknowledgement of a call that begins may be true. */
  beAway: (isAway: boolean) => void;
  longest: () => number;
  refused: () => number;
}>;

const WRITES = ['exchange', 'refresh', 'revoke', 'login', 'authorize'];
/** Milliseconds in which a node may still answer questions about tokens from its own memory. */
const MEMORY = 1500;

/** Looks at all that is logged: during an outage nothing may be acknowledged, and nothing may take long (I10). */
function watchAcknowledgements(world: World): Watched {
  let awaySince: number | undefined;
  let longest = 0;
  let refused = 0;
  const judge = (entry: Entry): void => {
    if (awaySince === undefined || entry.start < awaySince) return;
    const { kind, outcome, status } = entry;
    longest = Math.max(longest, entry.end - entry.start);
    if (outcome === 'unavailable') refused += 1;
    const isKnownByHeart = entry.start < awaySince + MEMORY && !WRITES.includes(kind);
    // A page to sign in at, and the way there, promise nothing.
    const isPage = ['login', 'authorize'].includes(kind) && (entry.given ?? []).length === 0;
    if (outcome === 'ok' && !isKnownByHeart && !isPage)
      world.tally.violate('I10', `${kind} was acknowledged (${status}) while the database was away`);
  };
  const log = {
    ...world.log,
    add: (entry: Entry) => {
      judge(entry);
      world.log.add(entry);
    },
  };
  return {
    world: { ...world, log },
    beAway: (isAway) => {
      awaySince = isAway ? Date.now() + 50 : undefined;
      if (isAway) [longest, refused] = [0, 0];
    },
    longest: () => longest,
    refused: () => refused,
  };
}

type Endured = Readonly<{ seconds: number; watch: Watched }>;

async function endure(
  { world, deployment, tally }: Stage,
  outage: Outage,
  { seconds, watch }: Endured,
): Promise<string> {
  const http = httpClient({ host: deployment.host, patience: 20_000 });
  const port = deployment.nodes[0]?.port ?? 0;
  await outage.begin();
  watch.beAway(true);
  const probes = { fromMemory: 0, notReady: 0, ready: 0 };
  for (const start = Date.now(); Date.now() - start < seconds * 1000; ) {
    await probe(world, { http, port, probes });
    await pause(100);
  }
  watch.beAway(false);
  const [longest, refused] = [watch.longest(), watch.refused()];
  await outage.end();
  const back = Date.now();
  while (!(await isWell(http, port)) && Date.now() - back < 60_000) await pause(20);
  const recovery = (Date.now() - back) / 1000;
  http.close();
  if (longest > LIMIT + SLACK) tally.violate('I10', `${outage.name}: an answer took ${longest} ms`);
  if (recovery > 10) tally.violate('I5', `${outage.name}: ${recovery.toFixed(1)} s until all was well again`);
  if (refused === 0) tally.violate('I10', `${outage.name}: nothing was refused: the outage was none`);
  if (probes.ready > 0 && outage.isAbsent !== false)
    tally.violate('I10', `${outage.name}: the node called itself ready ${probes.ready} times`);
  return (
    `${outage.name} ${seconds.toFixed(0)} s: ${refused} refused, longest answer ${longest} ms, ` +
    `${probes.fromMemory} keys and metadata served, recovered in ${recovery.toFixed(1)} s`
  );
}

type Probing = Readonly<{
  http: HttpClient;
  port: number;
  probes: { fromMemory: number; notReady: number; ready: number };
}>;

/** Keys and metadata come from memory; readiness says that something is wrong, once it has had the time to see it. */
async function probe({ tally }: World, { http, port, probes }: Probing): Promise<void> {
  for (const path of ['/jwks', '/.well-known/openid-configuration']) {
    const sent = await http.send(port, { path });
    if (sent.kind === 'reply' && sent.reply.status === 200) probes.fromMemory += 1;
    else tally.violate('I10', `${path} was not served while the database was away`);
  }
  const ready = await http.send(port, { path: '/health/ready' });
  if (ready.kind !== 'reply' || ready.reply.status === 404) return;
  if (ready.reply.status === 200) probes.ready += 1;
  else probes.notReady += 1;
}

/** Whether something that is stored can be had: a revocation of a token that nobody knows looks into the database. */
async function isWell(http: HttpClient, port: number): Promise<boolean> {
  const request = { path: '/revoke', headers: SERVICE.headers, form: { token: UNKNOWN_TOKEN } };
  const sent = await http.send(port, request);
  return sent.kind === 'reply' && sent.reply.status === 200;
}

/** Of the right form, so that it is looked for. */
const UNKNOWN_TOKEN = `sgrt_${Buffer.alloc(42, 1).toString('base64url')}`;
