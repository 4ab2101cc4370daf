import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../driver/tally.ts';
import type { Sent } from './http.ts';

/** What came of requests that were sent at a rate, whether or not there were answers. */
export type Offered = Readonly<{
  sent: number;
  /** Answers with 200, for each second. */
  goodput: number;
  refused: number;
  failed: number;
  p99: number;
}>;

const TICK = 5;
/** Requests that may wait at once; what is above is not sent, so that the driver's own machine is left standing. */
const MOST_WAITING = 1000;

/** Sends so many requests a second for so long. */
export async function offer(send: () => Promise<Sent>, rate: number, seconds: number): Promise<Offered> {
  const counts = { sent: 0, good: 0, refused: 0, failed: 0, waiting: 0 };
  const latencies: number[] = [];
  const one = async (): Promise<void> => {
    counts.sent += 1;
    counts.waiting += 1;
    const began = performance.now();
    const answer = await send();
    counts.waiting -= 1;
    if (answer.kind !== 'reply') counts.failed += 1;
    else if (answer.reply.status === 200) counts.good += 1;
    else counts.refused += 1;
    if (answer.kind === 'reply' && answer.reply.status === 200) latencies.push(performance.now() - began);
  };
  const started = performance.now();
  const all: Promise<void>[] = [];
  for (let due = 0; performance.now() - started < seconds * 1000; ) {
    due = ((performance.now() - started) / 1000) * rate;
    while (all.length < due && counts.waiting < MOST_WAITING) all.push(one());
    await pause(TICK);
  }
  const goodput = counts.good / ((performance.now() - started) / 1000);
  await Promise.all(all);
  return { ...counts, goodput, p99: quantile(latencies, 0.99) };
}

/** Requests a second that so many connections in a row get done. */
export async function capacity(
  send: () => Promise<Sent>,
  connections: number,
  seconds: number,
): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const lead = async (): Promise<void> => {
    while (performance.now() < until) {
      const { kind } = await send();
      if (kind === 'reply') done += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, lead));
  return done / seconds;
}
