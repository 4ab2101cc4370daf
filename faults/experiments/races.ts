import { createHash } from 'node:crypto';
import { formOf, pathOf } from '../driver/browser.ts';
import { account, addressOf, assertion, REDIRECT } from '../driver/clients.ts';
import { judgeTokens } from '../driver/judge.ts';
import { obtainCode, type VirtualUser, virtualUser } from '../driver/sign-in.ts';
import { quantile } from '../driver/tally.ts';
import { exchange, post } from '../driver/token-calls.ts';
import { call, type Outcome, type World } from '../driver/world.ts';
import type { Bench, Experiment } from '../experiment.ts';
import { startProxy } from '../kit/proxy.ts';
import { databaseOf, type Stage, setStage } from '../kit/stage.ts';
import { setupRounds } from './setup-race.ts';

const AT_ONCE = 50;

/** What came of the rounds of one kind. */
type Rounds = { rounds: number; doubles: number; withoutWinner: number };
type Race = Readonly<{ kind: string; part: number; round: (round: number) => Promise<number> }>;

/** E3: fifty at once, spread over two nodes of one database, for one secret; of each kind so many rounds. */
export const races: Experiment = {
  id: 'E3',
  title: 'fifty at once at two nodes',
  databases: ['sqlite', 'postgres'],
  run: async (bench) => {
    const { stage, slow } = await twoNodes(bench);
    const user = virtualUser(0);
    const sums = new Map<string, Rounds>();
    for (const race of racesOf(stage, bench, user)) {
      const counts = { rounds: 0, doubles: 0, withoutWinner: 0 };
      sums.set(race.kind, counts);
      const rounds = Math.max(2, Math.round(bench.size.rounds * race.part));
      for (let round = 0; round < rounds; round += 1) {
        // One node is further from the database than the other in every tenth round.
        slow?.(round % 10 === 9);
        const successes = await race.round(round);
        counts.rounds += 1;
        if (successes > 1) counts.doubles += 1;
        if (successes === 0) counts.withoutWinner += 1;
      }
      bench.say(`${race.kind}: ${rounds} rounds`);
    }
    return report(stage, sums);
  },
};

async function twoNodes(
  bench: Bench,
): Promise<{ stage: Stage; slow: ((isOn: boolean) => void) | undefined }> {
  const patience = 60_000;
  if (bench.database === 'sqlite')
    return { stage: await setStage(bench, { nodes: 2, patience }), slow: undefined };
  const cluster = await bench.cluster();
  const proxy = await startProxy(cluster.port);
  bench.after(() => proxy.close());
  const database = await databaseOf(bench);
  const far = database.replace(`:${cluster.port}/`, `:${proxy.port}/`);
  const databases = (node: number): string => (node === 0 ? database : far);
  const dice = bench.dice.named('delays');
  const slow = (isOn: boolean): void => proxy.delayBy(isOn ? () => Math.round(dice.between(0, 50)) : () => 0);
  return { stage: await setStage(bench, { nodes: 2, database, databases, patience }), slow };
}

const racesOf = ({ world, deployment }: Stage, bench: Bench, user: VirtualUser): readonly Race[] => [
  { kind: 'code', part: 1, round: () => codeRound(world, user) },
  { kind: 'refresh token', part: 1, round: refreshRounds(world, user) },
  { kind: 'jti', part: 1, round: (round) => assertionRound(world, `${bench.database}-${round}`) },
  // Each guess and each set-up costs a password hash or fifty.
  { kind: 'guesses', part: 0.05, round: (round) => guessRound(world, `nobody-${round}`) },
  { kind: 'set-up link', part: 0.01, round: setupRounds(world, bench, deployment.database) },
];

const many = (
  send: (index: number, port: number) => Promise<Outcome>,
  { target }: World,
): Promise<Outcome[]> => {
  const ports = target.ports();
  return Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => send(index, ports[index % ports.length] ?? 0)),
  );
};

const successesIn = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ kind }) => kind === 'ok').length;

async function codeRound(world: World, user: VirtualUser): Promise<number> {
  const line = await obtainCode(world, user, { client: 'web-basic', fresh: false });
  if (line === undefined) throw new Error('There is no code.');
  const outcomes = await many(
    (_, port) =>
      post(world, { user, line }, 'code', {
        grant_type: 'authorization_code',
        code: line.code,
        redirect_uri: REDIRECT,
        code_verifier: line.verifier,
        sent: line.code,
        port: String(port),
      }),
    world,
  );
  const successes = successesIn(outcomes);
  if (successes > 1)
    world.tally.violate('I2', `line ${line.id}: ${successes} of ${AT_ONCE} redeemed one code`);
  if (successes === 0)
    world.tally.violate('I5', `line ${line.id}: nobody redeemed the code (${kindsOf(outcomes)})`);
  return successes;
}

/** Rounds on one line: the heir of a round is raced for in the next, so that a family that was killed shows at once. */
function refreshRounds(world: World, user: VirtualUser): (round: number) => Promise<number> {
  let line: Awaited<ReturnType<typeof obtainCode>>;
  return async (round) => {
    if (line === undefined || round % 50 === 0) {
      line = await obtainCode(world, user, { client: 'web-post', fresh: false });
      if (line !== undefined) await exchange(world, { user, line });
    }
    const token = line?.refresh.at(-1);
    if (line === undefined || token === undefined) throw new Error('There is no refresh token.');
    const owned = { user, line };
    const form = { grant_type: 'refresh_token', refresh_token: token, sent: token };
    const outcomes = await many(
      (_, port) => post(world, owned, 'refresh token', { ...form, port: String(port) }),
      world,
    );
    const heirs = new Set<string>();
    for (const outcome of outcomes) {
      if (outcome.kind === 'ok')
        heirs.add((await judgeTokens(world, owned, outcome.reply, false)).refresh ?? '');
      if (outcome.kind === 'refused')
        world.tally.violate('I4', `line ${line.id}: one of ${AT_ONCE} tabs was refused: ${outcome.error}`);
    }
    const [heir] = heirs;
    if (heirs.size > 1) world.tally.violate('I3', `line ${line.id}: one token has ${heirs.size} heirs`);
    if (heir === undefined) line = undefined;
    else line.refresh.push(heir);
    return heirs.size;
  };
}

async function assertionRound(world: World, name: string): Promise<number> {
  const proof = assertion(world.target.issuer, `race-${name}`, 300);
  const form = { grant_type: 'client_credentials', ...proof };
  const outcomes = await many(
    (_, port) =>
      call(
        world,
        { path: '/token', form },
        { kind: 'jti', user: 0, port, sent: proof['client_assertion'] ?? '' },
      ),
    world,
  );
  const successes = successesIn(outcomes);
  if (successes > 1) world.tally.violate('I2', `${successes} of ${AT_ONCE} used one assertion`);
  if (successes === 0) world.tally.violate('I5', `nobody could use the assertion (${kindsOf(outcomes)})`);
  return successes;
}

/** Four wrong passwords are free and the fifth costs a wait: of fifty at once no more than five may be looked at. */
const FREE_GUESSES = 5;

async function guessRound(world: World, username: string): Promise<number> {
  const path = `/authorize?${new URLSearchParams(REQUEST).toString()}`;
  const port = world.target.ports()[0] ?? 0;
  const opened = await call(world, { path }, { kind: 'guesses', user: 0, port });
  if (opened.kind !== 'ok') return 0;
  const cookie = opened.reply.cookies.map((one) => one.split(';')[0]).join('; ');
  const page = await call(
    world,
    { path: pathOf(opened.reply.headers['location'] ?? ''), headers: { cookie } },
    { kind: 'guesses', user: 0, port },
  );
  if (page.kind !== 'ok') return 0;
  const { action, fields } = formOf(page.reply.body);
  const form = { ...fields, username, password: account(1).password };
  const outcomes = await many((index, at) => {
    const headers = { cookie, 'x-forwarded-for': addressOf(100_000 + index) };
    return call(world, { path: pathOf(action), headers, form }, { kind: 'guesses', user: 0, port: at });
  }, world);
  const looked = outcomes.filter((outcome) => 'reply' in outcome && outcome.reply.status === 422).length;
  if (looked > FREE_GUESSES) world.tally.violate('I7', `${looked} of ${AT_ONCE} guesses were looked at`);
  return looked === 0 ? 0 : 1;
}

const REQUEST = {
  client_id: 'web-basic',
  redirect_uri: REDIRECT,
  response_type: 'code',
  scope: 'openid',
  code_challenge: createHash('sha256').update('verifier').digest('base64url'),
  code_challenge_method: 'S256',
};

const kindsOf = (outcomes: readonly Outcome[]): string =>
  [...new Set(outcomes.map(({ kind, error }) => `${kind} ${error}`))].join(', ');

function report({ tally }: Stage, sums: ReadonlyMap<string, Rounds>) {
  const parts = [...sums].map(([kind, { rounds, doubles, withoutWinner }]) => {
    const p99 = quantile(tally.latencies(kind), 0.99).toFixed(0);
    return `${kind} ${rounds} rounds, ${doubles} doubles, ${withoutWinner} without a winner, p99 ${p99} ms`;
  });
  const unavailable = tally.of('unavailable') === 0 ? '' : `; ${tally.of('unavailable')} answers with 503`;
  return {
    figure: `${AT_ONCE} at once: ${parts.join('; ')}${unavailable}`,
    violations: tally.violations(),
    acknowledged: tally.of('ok'),
    figures: tally.notes(),
  };
}
