/** Which rows are asked for: those made last, again and again, or any of all. */
export type Access = 'recent' | 'random';

/** Rows that count as recent. */
const RECENT = 1000;
const STRIDE = 2_654_435_761;

/**
 * Gives each lane rows of its own, numbered from 1, so that no two work on one row at once. All rows of the range come before any comes
 * again, in an order that has nothing to do with how they are stored.
 */
export function picker(count: number, access: Access, lanes: number): (lane: number) => number {
  const range = Math.min(count, access === 'recent' ? RECENT : count);
  const perLane = Math.floor(range / lanes);
  const turns = Array.from({ length: lanes }, () => 0);
  return (lane) => {
    const turn = turns[lane] ?? 0;
    turns[lane] = turn + 1;
    return count - range + 1 + lane + lanes * Number((BigInt(turn) * BigInt(STRIDE)) % BigInt(perLane));
  };
}
