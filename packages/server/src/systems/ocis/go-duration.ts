/** Seconds in each unit of the way in which Go writes a length of time. */
const UNITS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 0.001,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

const PART = /(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s|us|µs|ns)/g;

/** Seconds of `72h`, `1h30m` or `90s`; undefined for anything else. */
export function parseGoDuration(text: string): number | undefined {
  if (text.length > 40 || text.replaceAll(PART, '') !== '' || text === '') return undefined;
  const parts = [...text.matchAll(PART)];
  return parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}
