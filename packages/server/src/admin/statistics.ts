import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Lengths of spans, how far back they go when nothing is said, and how many of them are told at most. */
export const SPANS = {
  hour: { milliseconds: HOUR, usual: DAY, most: 24 * 31 },
  day: { milliseconds: DAY, usual: 30 * DAY, most: 400 },
} as const;
export type Span = keyof typeof SPANS;

/** Events of the audit log that are counted, by the names they are told under. */
const EVENTS: Readonly<Record<string, string>> = {
  'user.signed_in': 'sign_ins',
  'user.sign_in_failed': 'sign_in_failures',
};

export type Statistics = Readonly<{
  since: string;
  until: string;
  span: Span;
  items: readonly Readonly<{ at: string; counts: Readonly<Record<string, number>> }>[];
}>;

/** What happened in each span from that time (milliseconds) to now; a span in which nothing did is there with no counts. */
export async function readStatistics(provider: Provider, since: number, span: Span): Promise<Statistics> {
  const { store, tenant, clock, tally } = provider;
  await tally.flush();
  const { milliseconds: length } = SPANS[span];
  const now = clock();
  const first = Math.floor(since / length);
  const query = { since: first * length, span: length };
  const [events, counts] = await Promise.all([
    store.countEvents(tenant.id, { ...query, actions: Object.keys(EVENTS) }),
    store.listCounts(tenant.id, query),
  ]);
  const bySpan = new Map<number, Record<string, number>>();
  for (const { name, span: at, count } of [...events, ...counts])
    bySpan.set(at, { ...bySpan.get(at), [EVENTS[name] ?? name]: count });
  const items = Array.from({ length: Math.floor(now / length) - first + 1 }, (_, index) => ({
    at: isoTime((first + index) * length),
    counts: bySpan.get(first + index) ?? {},
  }));
  return { since: isoTime(first * length), until: isoTime(now), span, items };
}
