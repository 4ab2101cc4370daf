import type { Cost } from '../limit/cost.ts';
import { limitOf } from '../limit/formula.ts';
import type { Primitives } from '../limit/primitives.ts';
import type { Run } from '../load/measure-run.ts';
import { median } from '../measure/statistics.ts';
import { CONTENDERS, type ContenderName } from '../targets/contenders.ts';
import { CASES, type Case } from './cases.ts';
import type { Measured } from './measure.ts';

/** Medians of one contender at one case; `cpu` in microseconds per operation. */
export type Figures = Readonly<{ contender: ContenderName; label: string } & Omit<Run, 'count'>>;

/** Everything one comparison has found. */
export type Comparison = Readonly<{
  figures: readonly Figures[];
  limits: Readonly<Record<string, Cost>>;
  primitives: Primitives;
}>;

/** The medians of each run, and the limit of each case from what HTTP and the primitives cost in the same run. */
export function comparisonOf(measured: readonly Measured[], primitives: Primitives): Comparison {
  const figures = measured.map(figuresOf);
  const cases = CASES.filter(({ label }) => figures.some((one) => one.label === label));
  const limitOfCase = ({ label, operation, algorithm }: Case): Cost => {
    const http = figureOf(figures, 'bare HTTP', label)?.cpu ?? Number.NaN;
    return limitOf(operation, algorithm, http, primitives);
  };
  const limits = cases.map((one) => [one.label, limitOfCase(one)] as const);
  return { figures, limits: Object.fromEntries(limits), primitives };
}

/** The medians of a contender's runs at a case. */
export function figuresOf({ contender, label, runs }: Measured): Figures {
  const middle = (of: (run: Run) => number): number => median(runs.map(of));
  const database = runs.flatMap(({ databaseCpu }) => (databaseCpu === undefined ? [] : [databaseCpu]));
  return {
    contender,
    label,
    perSecond: middle((run) => run.perSecond),
    p50: middle((run) => run.p50),
    p99: middle((run) => run.p99),
    cpu: middle((run) => run.cpu),
    databaseCpu: database.length === 0 ? undefined : median(database),
    residentBytes: middle((run) => run.residentBytes),
    generator: middle((run) => run.generator),
  };
}

export const figureOf = (
  figures: readonly Figures[],
  contender: ContenderName,
  label: string,
): Figures | undefined => figures.find((one) => one.contender === contender && one.label === label);

/** What a ratio is taken of: CPU per operation, or operations per second. */
export type Basis = 'CPU' | 'rate';

/** A target with what was measured: how much better Signet is, above 1 when it is. */
export type Verdict = Readonly<{
  label: string;
  contender: ContenderName;
  against: string;
  wanted: number;
  /** Which of the two ratios is judged. */
  basis: Basis;
  ratios: Readonly<Record<Basis, number>>;
}>;

const SIGNETS: readonly ContenderName[] = CONTENDERS.filter((name) => name.startsWith('Signet'));

/**
 * Signet against its targets, as far as both sides were measured. The limit and the peer in memory are judged by CPU, which other work on
 * the machine moves least; the durable peer by rate, because the wait for its many commits is what it pays and uses no CPU.
 */
export function verdictsOf({ figures, limits }: Comparison): readonly Verdict[] {
  const ofCase = (contender: ContenderName, one: Case): readonly Verdict[] => {
    const { label } = one;
    const mine = figureOf(figures, contender, label);
    if (mine === undefined) return [];
    const limit = limits[label];
    const rows: readonly (readonly [string, Basis, number | undefined, Costs | undefined])[] = [
      ['the limit', 'CPU', one.ofLimit, limit && { cpu: limit.cpu, perSecond: 1e6 / limit.elapsed }],
      ...PEERS.map(
        ([peer, basis, target]) => [peer, basis, one[target], figureOf(figures, peer, label)] as const,
      ),
    ];
    return rows.flatMap(([against, basis, wanted, other]) =>
      wanted === undefined || other === undefined
        ? []
        : [{ label, contender, against, wanted, basis, ratios: ratiosOf(mine, other) }],
    );
  };
  return SIGNETS.flatMap((contender) => CASES.flatMap((one) => ofCase(contender, one)));
}

type Costs = Readonly<{ cpu: number; perSecond: number }>;

const PEERS = [
  ['oidc-provider memory', 'CPU', 'againstMemory'],
  ['oidc-provider SQLite', 'rate', 'againstSqlite'],
] as const;

const ratiosOf = (mine: Costs, other: Costs): Verdict['ratios'] => ({
  CPU: other.cpu / mine.cpu,
  rate: mine.perSecond / other.perSecond,
});

export const isMet = ({ ratios, basis, wanted }: Verdict): boolean => ratios[basis] >= wanted;
