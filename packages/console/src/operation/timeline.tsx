import { Group, Paper, Text } from '@mantine/core';
import type { SigningKey } from '../api/types.ts';

const WIDTH = 1000;
const ROW = 28;
const BAR = 14;
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

type Span = Readonly<{ from: number; to: number; manner: 'waits' | 'signs' | 'checks' }>;

/** When a key is published, signs, and is only checked with, in milliseconds; what has no end yet goes on to `end`. */
export function spansOf(key: SigningKey, all: readonly SigningKey[], end: number): readonly Span[] {
  const [published, active] = [Date.parse(key.published_at), Date.parse(key.active_from)];
  const next = all
    .filter(({ alg, active_from }) => alg === key.alg && Date.parse(active_from) > active)
    .map(({ active_from }) => Date.parse(active_from));
  const retired = key.retire_at === undefined ? end : Date.parse(key.retire_at);
  const until = Math.min(retired, ...next);
  const spans: readonly Span[] = [
    { from: published, to: active, manner: 'waits' },
    { from: active, to: until, manner: 'signs' },
    { from: until, to: retired, manner: 'checks' },
  ];
  return spans.filter(({ from, to }) => to > from);
}

/** The turns of the keys over time. The table below it says the same in words. */
export function Timeline({ keys }: Readonly<{ keys: readonly SigningKey[] }>) {
  const now = Date.now();
  const moments = keys
    .flatMap(({ published_at, active_from, retire_at }) => [published_at, active_from, retire_at])
    .flatMap((at) => (at === undefined ? [] : [Date.parse(at)]));
  const begin = Math.min(now, ...moments);
  const last = Math.max(now, ...moments);
  const end = last + Math.max(last - begin, 86_400_000) * 0.1;
  const x = (at: number): number => ((at - begin) / (end - begin)) * WIDTH;
  return (
    <Paper withBorder p="md" component="figure" m={0} aria-hidden="true">
      <svg
        className="timeline"
        viewBox={`0 0 ${WIDTH} ${keys.length * ROW}`}
        height={keys.length * ROW}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {keys.map((key, row) =>
          spansOf(key, keys, end).map(({ from, to, manner }) => (
            <rect
              key={`${key.kid} ${manner}`}
              className={manner}
              x={x(from)}
              y={row * ROW + (ROW - BAR) / 2}
              width={Math.max(2, x(to) - x(from))}
              height={BAR}
            >
              <title>{`${key.kid} (${key.alg})`}</title>
            </rect>
          )),
        )}
        <line className="now" x1={x(now)} x2={x(now)} y1={0} y2={keys.length * ROW} />
      </svg>
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {DAY.format(begin)}
        </Text>
        <Text size="xs" c="dimmed">
          {DAY.format(end)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        A line for each key: published and waiting, then signing (strong), then only checked with. The upright
        line is now.
      </Text>
    </Paper>
  );
}
