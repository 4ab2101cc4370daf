import { Text } from '@mantine/core';

const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** A moment as people say it; the exact one appears under the pointer. */
export function Time({ at }: Readonly<{ at: string | null | undefined }>) {
  if (at === undefined || at === null) return <>—</>;
  const date = new Date(at);
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  return (
    <Text component="time" size="sm" dateTime={at} title={EXACT.format(date)} inherit>
      {relative(seconds)}
    </Text>
  );
}

function relative(seconds: number): string {
  for (const [unit, size] of UNITS)
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.trunc(seconds / size), unit);
  return Math.abs(seconds) < 10 ? 'just now' : RELATIVE.format(seconds, 'second');
}
