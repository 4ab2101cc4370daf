import { account, assertion, REDIRECT } from '../driver/clients.ts';
import { obtainCode, virtualUser } from '../driver/sign-in.ts';
import { exchange, post, refresh, revoke } from '../driver/token-calls.ts';
import { call, jsonOf, type Outcome, type World } from '../driver/world.ts';
import type { Experiment } from '../experiment.ts';
import { type Stage, setStage } from '../kit/stage.ts';
import { type Guess, guess } from './guess.ts';

/** A thing that must be remembered: done once, and tried again after the restart, at every node. */
type Memory = Readonly<{ what: string; again: (port: number) => Promise<string | undefined> }>;

/** E13: counters, spent secrets and revocations are known after a restart, and at the other node. */
export const amnesia: Experiment = {
  id: 'E13',
  title: 'restart amnesia',
  databases: ['sqlite', 'postgres'],
  run: async (bench) => {
    const stage = await setStage(bench, { nodes: bench.database === 'postgres' ? 2 : 1 });
    const { world, deployment, tally } = stage;
    const restarts = Math.max(1, Math.round(5 * bench.size.scale));
    let tried = 0;
    for (let restart = 0; restart < restarts; restart += 1) {
      const memories = await memorize(world, restart);
      for (const node of deployment.nodes) {
        await node.kill();
        await node.start();
      }
      for (const { what, again } of memories) {
        for (const { port } of deployment.nodes) {
          tried += 1;
          const forgotten = await again(port);
          if (forgotten !== undefined) tally.violate('I7', `${what}: ${forgotten}`);
        }
      }
    }
    await useSetupLink(stage, tally.violate);
    return {
      figure: `${restarts} restarts, ${tried} memories tried again, ${tally.violationCount()} forgotten`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

async function memorize(world: World, restart: number): Promise<readonly Memory[]> {
  const user = virtualUser(2 * restart);
  const line = async () => {
    const made = await obtainCode(world, user, { client: 'web-basic', fresh: false });
    if (made === undefined) throw new Error('There is no code.');
    await exchange(world, { user, line: made });
    return { user, line: made };
  };
  const [rotated, revoked, spent] = [await line(), await line(), await line()];
  const old = rotated.line.refresh[0] ?? '';
  await refresh(world, rotated, 1);
  await refresh(world, rotated, 1);
  await revoke(world, revoked);
  const proof = assertion(world.target.issuer, `memory-${restart}-${Date.now()}`, 300);
  const useProof = (port?: number): Promise<Outcome> =>
    call(
      world,
      { path: '/token', form: { grant_type: 'client_credentials', ...proof } },
      { kind: 'jti', user: 0, ...(port !== undefined && { port }) },
    );
  await useProof();
  const locked = account(2 * restart + 1).username;
  for (let failure = 0; failure < 9; failure += 1)
    await guess(world, { username: locked, password: 'wrong' });
  return [
    {
      what: 'a used assertion',
      again: async (port) => told((await useProof(port)).kind !== 'refused', 'it is good again'),
    },
    {
      what: 'a revoked line',
      again: async (port) => told((await active(world, revoked, port)) !== false, 'its tokens are alive'),
    },
    {
      what: 'failed sign-ins',
      again: (port) => guessAgain(world, { username: locked, password: 'wrong', port }),
    },
    { what: 'a spent code', again: (port) => codeAgain(world, spent, port) },
    { what: 'a rotated refresh token', again: (port) => oldToken(world, rotated, { old, port }) },
  ];
}

const told = (isForgotten: boolean, what: string): string | undefined => (isForgotten ? what : undefined);

/** After nine failures one more may be looked at once the wait is over, and then none for a while. */
async function guessAgain(world: World, wrong: Guess): Promise<string | undefined> {
  let looked = 0;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const outcome = await guess(world, wrong);
    if ('reply' in outcome && outcome.reply.status === 422) looked += 1;
  }
  return told(looked > 1, `${looked} further attempts in a row are looked at`);
}

type Owned = Parameters<typeof post>[1];

async function active(world: World, one: Owned, port: number): Promise<unknown> {
  const token = one.line.access?.token ?? '';
  const outcome = await post(world, one, 'introspect', {
    token,
    path: '/introspect',
    sent: token,
    port: String(port),
  });
  return 'reply' in outcome ? jsonOf(outcome.reply.body)['active'] : undefined;
}

async function codeAgain(world: World, one: Owned, port: number): Promise<string | undefined> {
  const outcome = await post(world, one, 'exchange', {
    grant_type: 'authorization_code',
    code: one.line.code,
    redirect_uri: REDIRECT,
    code_verifier: one.line.verifier,
    sent: one.line.code,
    port: String(port),
  });
  if (outcome.kind !== 'refused') return `it is answered with ${outcome.kind}`;
  return told((await active(world, one, port)) !== false, 'its tokens outlive the replay');
}

async function oldToken(
  world: World,
  one: Owned,
  { old, port }: { old: string; port: number },
): Promise<string | undefined> {
  const form = { grant_type: 'refresh_token', refresh_token: old, sent: old, port: String(port) };
  const outcome = await post(world, one, 'refresh', form);
  if (outcome.kind !== 'refused') return `it is answered with ${outcome.kind}`;
  return told((await active(world, one, port)) !== false, 'the line outlives the replay');
}

/** The set-up link works once, over a restart. */
async function useSetupLink({ world, deployment }: Stage, violate: World['tally']['violate']): Promise<void> {
  // The link that was printed last is the good one.
  const node = deployment.nodes.at(-1);
  const links = [...(node?.said() ?? '').matchAll(/\/setup\?token=([\w-]+)/g)];
  const token = links.at(-1)?.[1];
  if (node === undefined || token === undefined) return violate('I7', 'no set-up link was printed');
  const form = { token, username: 'first-admin', password: 'the first of all administrators' };
  const use = (): Promise<Outcome> =>
    call(world, { path: '/setup', form }, { kind: 'setup', user: 0, port: node.port });
  const first = await use();
  await node.kill();
  await node.start();
  const second = await use();
  if (first.kind !== 'ok') violate('I5', `the set-up link is answered with ${first.error}`);
  if (second.kind !== 'refused') violate('I2', 'the set-up link is good again after a restart');
}
