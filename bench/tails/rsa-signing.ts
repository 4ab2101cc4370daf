import { join } from 'node:path';
import { measureLimit } from '../compare/measure.ts';
import type { Algorithm } from '../limit/primitives.ts';
import { driveOpen } from '../load/drive.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { stepOf } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { takeStalls, watchedLoop } from '../measure/loop-stalls.ts';
import { cpuMicroseconds, mainThreadMicroseconds } from '../measure/process-usage.ts';
import { table } from '../measure/table.ts';
import type { Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';

const PER_SECOND = 1000;

/**
 * Whether an RSA signature is ever made on the event loop: its thread must not use much more CPU for a token with RS256 than for one with
 * ES256. The stalls of the loop are shown beside.
 */
export async function rsaSigning(
  place: Place,
  seconds: number,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const { sign } = measureLimit({ directory: place.folder, connections: 32 }, place);
  const es = await signingWith('ES256', place, seconds);
  const rs = await signingWith('RS256', place, seconds);
  say(
    `\nclient_credentials at ${PER_SECOND}/s: CPU microseconds per token, and stalls of the event loop in milliseconds\n`,
  );
  say(table([es, rs]));
  return [
    {
      what: 'event loop CPU that a token costs more with RS256 than with ES256, against half an RSA signature',
      measured: rs['event loop CPU µs'] - es['event loop CPU µs'],
      atMost: sign.RS256 / 2,
      unit: 'µs',
    },
  ];
}

async function signingWith(algorithm: Algorithm, { folder, prefix }: Place, seconds: number) {
  const file = join(folder, `loop-${algorithm}.json`);
  const database = `sqlite:${join(folder, `rsa-${algorithm}.db`)}`;
  const server = await startSignet({ folder, prefix, database, algorithm, ...watchedLoop(file) });
  const site = await siteAt(server.base, {});
  const lanes = await openLanes(site, 32);
  const step = stepOf('client_credentials', site);
  await driveOpen(lanes, step, { perSecond: PER_SECOND, milliseconds: 1000 });
  await takeStalls(server.pid, file);
  const before = { all: cpuMicroseconds(server.pid), main: mainThreadMicroseconds(server.pid) };
  const { latencies } = await driveOpen(lanes, step, { perSecond: PER_SECOND, milliseconds: seconds * 1000 });
  const perToken = (used: number): number => used / latencies.length;
  const row = {
    algorithm,
    'CPU µs': perToken(cpuMicroseconds(server.pid) - before.all),
    'event loop CPU µs': perToken(mainThreadMicroseconds(server.pid) - before.main),
  };
  const stalls = await takeStalls(server.pid, file);
  closeLanes(lanes);
  await server.stop();
  return { ...row, 'stall p99': stalls.p99, 'longest stall': stalls.longest };
}
