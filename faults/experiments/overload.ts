import { setTimeout as pause } from 'node:timers/promises';
import { SERVICE } from '../driver/clients.ts';
import { obtainCode, virtualUser } from '../driver/sign-in.ts';
import type { Experiment } from '../experiment.ts';
import type { Sent } from '../kit/http.ts';
import { capacity, type Offered, offer } from '../kit/open-loop.ts';
import { type Stage, setStage } from '../kit/stage.ts';

const PEOPLE = 100;
const SIGN_INS = 200;

/** E15: two hundred people sign in at once while tokens are asked for; then more tokens are asked for than can be made. */
export const overload: Experiment = {
  id: 'E15',
  title: 'overload and login storm',
  databases: ['sqlite', 'postgres'],
  isAlone: true,
  run: async (bench) => {
    const stage = await setStage(bench, { users: PEOPLE, patience: 60_000, http: { patience: 60_000 } });
    const { world, deployment, tally } = stage;
    const port = deployment.nodes[0]?.port ?? 0;
    const request = { path: '/token', headers: SERVICE.headers, form: { grant_type: 'client_credentials' } };
    const send = (): Promise<Sent> => world.http.send(port, request);
    const seconds = Math.max(1.5, 6 * bench.size.scale);
    await capacity(send, 16, 1);
    const most = await capacity(send, 16, seconds);
    const calm = await offer(send, most / 2, seconds);
    const storm = await underStorm(stage, () => offer(send, most / 2, seconds));
    const loads: [number, Offered][] = [];
    for (const times of [1, 2, 5]) loads.push([times, await offer(send, most * times, seconds)]);
    const began = performance.now();
    while ((await offer(send, most / 4, 0.3)).refused > 0 && performance.now() - began < 30_000)
      await pause(50);
    const normal = performance.now() - began;
    const last = loads.at(-1)?.[1];
    if (last !== undefined && last.goodput < most / 5)
      tally.violate('I5', `at 5 times its capacity the goodput falls to ${last.goodput.toFixed(0)}/s`);
    const failed = [calm, storm.offered, ...loads.map(([, offered]) => offered)].reduce(
      (sum, one) => sum + one.failed,
      0,
    );
    if (failed > 0) tally.violate('I10', `${failed} requests got no answer`);
    if (normal > 10_000) tally.violate('I5', `it took ${normal.toFixed(0)} ms until all was normal again`);
    return {
      figure:
        `${most.toFixed(0)} tokens/s at most; at half of it p99 ${calm.p99.toFixed(0)} ms, with ${SIGN_INS} sign-ins at once ${storm.offered.p99.toFixed(0)} ms ` +
        `(${storm.signedIn} signed in, the last after ${storm.seconds.toFixed(1)} s, ${storm.putOff} were told to wait); goodput ` +
        `${loads.map(([times, { goodput, refused, p99 }]) => `${times}×: ${goodput.toFixed(0)}/s, ${refused} refused, p99 ${p99.toFixed(0)} ms`).join('; ')}; ` +
        `normal again after ${(normal / 1000).toFixed(1)} s`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

type Storm = Readonly<{ offered: Offered; signedIn: number; putOff: number; seconds: number }>;

async function underStorm({ world, tally }: Stage, load: () => Promise<Offered>): Promise<Storm> {
  const began = performance.now();
  const before = tally.of('unavailable');
  const signIns = Array.from({ length: SIGN_INS }, async (_, index) => {
    const line = await obtainCode({ ...world, politeness: 1 }, virtualUser(index % PEOPLE), {
      client: 'web-basic',
      fresh: true,
    });
    return line !== undefined;
  });
  const offered = await load();
  const signedIn = (await Promise.all(signIns)).filter(Boolean).length;
  return {
    offered,
    signedIn,
    putOff: tally.of('unavailable') - before,
    seconds: (performance.now() - began) / 1000,
  };
}
