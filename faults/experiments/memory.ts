import { atOnce } from '../driver/checker.ts';
import { assertion, SERVICE } from '../driver/clients.ts';
import { obtainCode, virtualUser } from '../driver/sign-in.ts';
import { exchange, refresh } from '../driver/token-calls.ts';
import { call, type World } from '../driver/world.ts';
import type { Experiment } from '../experiment.ts';
import { freePort } from '../kit/folders.ts';
import { inspect } from '../kit/inspector.ts';
import { setStage } from '../kit/stage.ts';

const LINES = 60;
const SAMPLES = 40;

/** E16: a million tokens, of services, of refreshes and for assertions; memory is looked at after garbage has been collected. */
export const memory: Experiment = {
  id: 'E16',
  title: 'memory over a million tokens',
  databases: ['sqlite'],
  run: async (bench) => {
    const port = await freePort();
    const { world, tally } = await setStage(bench, {
      nodeArguments: [`--inspect=127.0.0.1:${port}`],
      users: 2,
    });
    const inspector = await inspect(port);
    bench.after(() => inspector.close());
    const lines = await linesOf(world);
    const total = Math.max(20_000, Math.round(1_000_000 * bench.size.scale));
    const samples: { done: number; heap: number; resident: number }[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const many = Math.round(total / SAMPLES);
      await atOnce(
        24,
        Array.from({ length: many }, (_, index) => index),
        (index) => issue(world, lines, sample * many + index),
      );
      samples.push({ done: (sample + 1) * many, ...(await inspector.memory()) });
      if (sample % 10 === 9)
        bench.say(`${(sample + 1) * many} tokens, heap ${mega(samples.at(-1)?.heap)} MB`);
    }
    // What grows at first are caches that are filled once.
    const { slope, error } = slopeOf(samples.slice(SAMPLES / 2));
    const grown = ((slope - 2 * error) * total) / 1_048_576;
    if (grown > 32)
      tally.violate(
        'I5',
        `memory grows by ${slope.toFixed(1)} ± ${(2 * error).toFixed(1)} bytes with each token`,
      );
    return {
      figure:
        `${total} tokens: heap after garbage collection ${slope.toFixed(1)} ± ${(2 * error).toFixed(1)} bytes/token, ` +
        `${mega(samples[0]?.heap)} MB at first, ${mega(samples.at(-1)?.heap)} MB at last; resident ${mega(Math.max(...samples.map((one) => one.resident)))} MB at most`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

const mega = (bytes = 0): string => (bytes / 1_048_576).toFixed(1);

type Owned = Parameters<typeof refresh>[1];

async function linesOf(world: World): Promise<readonly Owned[]> {
  const lines: Owned[] = [];
  const user = virtualUser(0);
  while (lines.length < LINES) {
    const line = await obtainCode(world, user, { client: 'web-post', fresh: false });
    if (line === undefined) throw new Error('There is no code.');
    await exchange(world, { user, line });
    lines.push({ user, line });
  }
  return lines;
}

/** One token: most of a service, a fifth by a refresh, a twentieth for an assertion. */
async function issue(world: World, lines: readonly Owned[], index: number): Promise<void> {
  const kind = index % 20;
  if (kind < 4) return refreshOne(world, lines[Math.floor(index / 20) % lines.length]);
  const proof =
    kind === 4 ? { headers: {}, form: assertion(world.target.issuer, `memory-${index}`, 3000) } : SERVICE;
  const request = {
    path: '/token',
    headers: proof.headers,
    form: { grant_type: 'client_credentials', ...proof.form },
  };
  await call(world, request, { kind: 'client_credentials', user: 0 });
}

async function refreshOne(world: World, one: Owned | undefined): Promise<void> {
  if (one === undefined || one.line.isBusy) return;
  one.line.isBusy = true;
  await refresh(world, one, 1);
  one.line.refresh.splice(0, one.line.refresh.length - 2);
  one.line.isBusy = false;
}

/** The slope of a straight line through the samples, and its standard error. */
function slopeOf(samples: readonly { done: number; heap: number }[]): { slope: number; error: number } {
  const many = samples.length;
  const meanX = samples.reduce((sum, { done }) => sum + done, 0) / many;
  const meanY = samples.reduce((sum, { heap }) => sum + heap, 0) / many;
  const spread = samples.reduce((sum, { done }) => sum + (done - meanX) ** 2, 0);
  const slope = samples.reduce((sum, { done, heap }) => sum + (done - meanX) * (heap - meanY), 0) / spread;
  const rest = samples.reduce((sum, { done, heap }) => sum + (heap - meanY - slope * (done - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (many - 2) / spread) };
}
