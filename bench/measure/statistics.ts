/** Ascending copy of the values. */
export const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** The middle value, the mean of the two middle ones of an even number, NaN of none. */
export function median(values: readonly number[]): number {
  const ascending = sorted(values);
  const { length } = ascending;
  const low = ascending[(length - 1) >> 1] ?? Number.NaN;
  const high = ascending[length >> 1] ?? Number.NaN;
  return (low + high) / 2;
}

/** The value below which that share of the ascending values lies, NaN of none. */
export const quantile = (ascending: Float64Array, share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? Number.NaN;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
