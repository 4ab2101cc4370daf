import { setTimeout as pause } from 'node:timers/promises';
import { checkLines, finalCheck } from '../driver/checker.ts';
import { SERVICE } from '../driver/clients.ts';
import { startMix } from '../driver/mix.ts';
import type { Violation } from '../driver/tally.ts';
import { type Claims, type Verifier, verifier } from '../driver/verifier.ts';
import { jsonOf } from '../driver/world.ts';
import type { Bench, Experiment } from '../experiment.ts';
import { type HttpClient, httpClient } from '../kit/http.ts';
import { patchedServer } from '../kit/patch.ts';
import type { Deployment } from '../kit/signet.ts';
import { setStage } from '../kit/stage.ts';

const CACHES = 4;

/**
 * E9: keys are rotated under load, by two operators at once and over a kill, while verifiers keep the key set to the full max-age. It
 * runs on a copy of the server whose max-age is seconds and not minutes; everything else is the server's own.
 */
export const keys: Experiment = {
  id: 'E9',
  title: 'key rotation under load',
  databases: ['sqlite', 'postgres'],
  isLight: true,
  run: async (bench) => {
    const maxAge = bench.size.scale >= 1 ? 10 : 2;
    const program = patchedServer(`${bench.folder}/copy`, shortMaxAge(maxAge), bench.program);
    const nodes = bench.database === 'postgres' ? 2 : 1;
    const { world, deployment, tally } = await setStage(bench, { program, nodes, users: 6 });
    const http = httpClient({ host: deployment.host });
    bench.after(() => http.close());
    const ports = (): readonly number[] => deployment.nodes.map((node) => node.port);
    const caches = await staleCaches({ http, ports }, maxAge);
    const seen = watchKeys({ http, ports });
    const firstUse = new Map<string, number>();
    const driven = { ...world, verifier: allOf(caches, firstUse) };
    const mix = startMix(driven, { users: 6, rest: 15 });
    const rotations = Math.max(3, Math.round(8 * bench.size.scale));
    for (let rotation = 0; rotation < rotations; rotation += 1) {
      await pause(3000 * maxAge);
      await rotate(bench, deployment, { rotation, violate: tally.violate });
      await checkLines(driven, mix, Date.now() - 1000 * maxAge);
    }
    // The last key signs as well before it is over.
    await pause(3000 * maxAge);
    await mix.stop();
    seen.stop();
    await finalCheck(driven, mix, 2000);
    const emergency = await rotateAtOnce(deployment, { http, ports }, { caches, maxAge });
    const overlaps = [...firstUse].flatMap(([kid, at]) =>
      seen.first.get(kid) === undefined ? [] : [at - (seen.first.get(kid) ?? 0)],
    );
    const shortest = Math.min(...overlaps.slice(1)) / 1000;
    if (shortest < maxAge)
      tally.violate(
        'I8',
        `a key signed ${shortest.toFixed(1)} s after it was published, with a max-age of ${maxAge} s`,
      );
    return {
      figure:
        `${rotations} rotations (two operators at once, a kill in every third), max-age ${maxAge} s; ` +
        `${tally.noted('JWTs verified')} tokens, each verified with ${CACHES} caches that never ask early: ` +
        `${tally.violationCount()} failures; ${firstUse.size} keys used, published ${shortest.toFixed(1)} s or more before; ` +
        `an emergency rotation (--now), counted apart: ${emergency}`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

export const shortMaxAge = (seconds: number) => [
  {
    file: 'src/keys/keyring.ts',
    from: 'export const KEY_SET_MAX_AGE = 300;',
    to: `export const KEY_SET_MAX_AGE = ${seconds};`,
  },
];

type Reach = Readonly<{ http: HttpClient; ports: () => readonly number[] }>;

/** Caches whose copies are of different ages. */
async function staleCaches(reach: Reach, maxAge: number): Promise<readonly Verifier[]> {
  const caches = Array.from({ length: CACHES }, () => verifier(reach, { asksAgain: false }));
  for (const cache of caches) {
    // Any token makes it fetch the keys.
    await cache.check('e30.e30.').catch(() => undefined);
    await pause((1000 * maxAge) / CACHES);
  }
  return caches;
}

/** A token is good when every cache says so. Notes when a key was first met. */
function allOf(caches: readonly Verifier[], firstUse: Map<string, number>): Verifier {
  return {
    asksAgain: false,
    check: async (jwt) => {
      const kid = String(jsonOf(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())['kid']);
      if (!firstUse.has(kid)) firstUse.set(kid, Date.now());
      let claims: Claims = {};
      for (const cache of caches) {
        const checked = await cache.check(jwt);
        if (typeof checked === 'string') return checked;
        claims = checked;
      }
      return claims;
    },
  };
}

/** When each key was first seen in the key set of the first node that shows it. */
function watchKeys({ http, ports }: Reach): { first: ReadonlyMap<string, number>; stop: () => void } {
  const first = new Map<string, number>();
  const timer = setInterval(() => {
    for (const port of ports()) {
      void (async () => {
        const sent = await http.send(port, { path: '/jwks' });
        if (sent.kind !== 'reply' || sent.reply.status !== 200) return;
        const { keys: shown } = JSON.parse(sent.reply.body) as { keys: { kid: string }[] };
        for (const { kid } of shown) if (!first.has(kid)) first.set(kid, Date.now());
      })();
    }
  }, 50);
  return { first, stop: () => clearInterval(timer) };
}

/** Without lead time caches must fail: for how long, at most their max-age, is told. */
async function rotateAtOnce(
  deployment: Deployment,
  { http, ports }: Reach,
  { caches, maxAge }: { caches: readonly Verifier[]; maxAge: number },
): Promise<string> {
  await deployment.command(['key', 'rotate', '--now']);
  const counts = { issued: 0, failed: 0 };
  let lastFailure = 0;
  const request = { path: '/token', headers: SERVICE.headers, form: { grant_type: 'client_credentials' } };
  for (const start = Date.now(); Date.now() - start < 1500 * maxAge; await pause(50)) {
    const sent = await http.send(ports()[0] ?? 0, request);
    const token = sent.kind === 'reply' ? String(jsonOf(sent.reply.body)['access_token']) : '';
    const checked = await Promise.all(caches.map((cache) => cache.check(token)));
    counts.issued += 1;
    if (!checked.some((claims) => typeof claims === 'string')) continue;
    counts.failed += 1;
    lastFailure = Date.now() - start;
  }
  return `${counts.failed} of ${counts.issued} tokens met a cache that did not know the key, the last after ${(lastFailure / 1000).toFixed(1)} s`;
}

type Rotation = Readonly<{
  rotation: number;
  violate: (invariant: Violation['invariant'], what: string) => void;
}>;

/** Two operators rotate at once: one wins. Every third time a node dies meanwhile. */
async function rotate(bench: Bench, deployment: Deployment, { rotation, violate }: Rotation): Promise<void> {
  const commands = [deployment.command(['key', 'rotate']), deployment.command(['key', 'rotate'])];
  if (rotation % 3 === 2) {
    const node = bench.dice.pick(deployment.nodes);
    await pause(bench.dice.between(50, 400));
    await node.kill();
    await node.start();
  }
  const done = await Promise.all(commands);
  const winners = done.filter(({ code }) => code === 0).length;
  const losers = done.filter(({ code }) => code === 4).length;
  if (winners !== 1 || losers !== 1) {
    const said = done.map(({ code, stderr }) => `${code} ${stderr.trim()}`).join('; ');
    violate('I8', `of two rotations at once ${winners} were done (${said})`);
  }
}
