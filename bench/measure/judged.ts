import { type Cell, shown, table } from './table.ts';

/** Something measured with its bar, in the same unit. */
export type Judged = Readonly<{ what: string; measured: number; unit?: string }> &
  (Readonly<{ atMost: number }> | Readonly<{ atLeast: number }>);

export const isWithin = (one: Judged): boolean =>
  'atMost' in one ? one.measured <= one.atMost : one.measured >= one.atLeast;

/** A table of what was measured against its bars, and how many were met. */
export function judgedReport(judged: readonly Judged[]): string {
  const rows = judged.map((one): Readonly<Record<string, Cell>> => {
    const unit = one.unit === undefined ? '' : ` ${one.unit}`;
    return {
      what: one.what,
      measured: `${shown(one.measured)}${unit}`,
      wanted: 'atMost' in one ? `≤ ${shown(one.atMost)}${unit}` : `≥ ${shown(one.atLeast)}${unit}`,
      verdict: isWithin(one) ? 'met' : 'NOT MET',
    };
  });
  return `${table(rows)}\n\n${judged.filter(isWithin).length} of ${judged.length} targets met.`;
}
