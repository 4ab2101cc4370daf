import type { OutcomeKind } from './log.ts';

/** The invariants of the checker (README.md says each in words). */
export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10'] as const;
export type Invariant = (typeof INVARIANTS)[number];

export type Violation = Readonly<{ invariant: Invariant; what: string }>;

/** Counts of a run. */
export type Tally = Readonly<{
  count: (kind: string, outcome: OutcomeKind, milliseconds: number) => void;
  violate: (invariant: Invariant, what: string) => void;
  note: (name: string, many?: number) => void;
  of: (outcome: OutcomeKind) => number;
  noted: (name: string) => number;
  notes: () => Readonly<Record<string, number>>;
  violations: () => readonly Violation[];
  violationCount: () => number;
  /** Milliseconds of the answered calls of a kind (of all without one), a random part of them when there are very many. */
  latencies: (kind?: string) => readonly number[];
  forgetLatencies: () => void;
}>;

const MOST_LATENCIES = 50_000;
const MOST_VIOLATIONS = 200;

export function tally(): Tally {
  const outcomes = new Map<OutcomeKind, number>();
  const notes = new Map<string, number>();
  const violations: Violation[] = [];
  const latencies = new Map<string, number[]>();
  let violated = 0;
  return {
    count: (kind, outcome, milliseconds) => {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const list = latencies.get(kind) ?? [];
      latencies.set(kind, list);
      if (outcome === 'ok' || outcome === 'refused' || outcome === 'unavailable') {
        if (list.length < MOST_LATENCIES) list.push(milliseconds);
        else list[Math.floor(Math.random() * MOST_LATENCIES)] = milliseconds;
      }
    },
    violate: (invariant, what) => {
      violated += 1;
      if (violations.length < MOST_VIOLATIONS) violations.push({ invariant, what });
    },
    note: (name, many = 1) => void notes.set(name, (notes.get(name) ?? 0) + many),
    of: (outcome) => outcomes.get(outcome) ?? 0,
    noted: (name) => notes.get(name) ?? 0,
    notes: () => Object.fromEntries(notes),
    violations: () => violations,
    violationCount: () => violated,
    latencies: (kind) => (kind === undefined ? [...latencies.values()].flat() : (latencies.get(kind) ?? [])),
    forgetLatencies: () => latencies.clear(),
  };
}

/** The value below which that part of the numbers lies; 0 of none. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
