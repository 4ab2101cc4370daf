import type { Cell } from '../measure/table.ts';
import { shown, table } from '../measure/table.ts';
import {
  type Basis,
  type Comparison,
  type Figures,
  figureOf,
  isMet,
  type Verdict,
  verdictsOf,
} from './result.ts';

const MEGABYTE = 1024 * 1024;

/** The tables of a comparison: what was measured, and Signet against its targets. */
export function comparisonReport(comparison: Comparison): string {
  const labels = Object.keys(comparison.limits);
  const verdicts = verdictsOf(comparison);
  const met = verdicts.filter(isMet).length;
  return [
    'Medians of interleaved rounds. CPU is the server process over all its threads, per operation; "of limit" and "against" are ratios of it.',
    primitivesLine(comparison),
    table(labels.flatMap((label) => rowsOf(comparison, label))),
    'Against the targets. The ratio marked * is judged: CPU, or the rate where the peer waits for its disk.',
    table(labels.flatMap((label) => verdictRows(verdicts.filter((one) => one.label === label)))),
    `${met} of ${verdicts.length} targets met.`,
  ].join('\n\n');
}

function primitivesLine({ primitives: p }: Comparison): string {
  const parts = [
    `signature ES256 ${shown(p.sign.ES256)}, RS256 ${shown(p.sign.RS256)}`,
    `verification ES256 ${shown(p.verify.ES256)}, RS256 ${shown(p.verify.RS256)}`,
    `new secret ${shown(p.mint)}`,
    `digest ${shown(p.digest)}`,
    `row found ${shown(p.lookUp)}`,
    `row added ${shown(p.insert.cpu)} (${shown(p.insert.elapsed)} with the disk)`,
    `row spent and added ${shown(p.rotate.cpu)} (${shown(p.rotate.elapsed)} with the disk)`,
  ];
  return `Primitives of the limit, CPU µs: ${parts.join('; ')}.`;
}

type Row = Readonly<Record<string, Cell>>;

function rowsOf({ figures, limits }: Comparison, label: string): readonly Row[] {
  const limit = limits[label];
  const memory = figureOf(figures, 'oidc-provider memory', label)?.cpu;
  const sqlite = figureOf(figures, 'oidc-provider SQLite', label)?.cpu;
  const row = (name: string, of: Partial<Figures>): Row => ({
    operation: label,
    who: name,
    'req/s': of.perSecond === undefined ? undefined : Math.round(of.perSecond),
    'p50 ms': of.p50,
    'p99 ms': of.p99,
    'CPU µs': of.cpu,
    'database CPU µs': of.databaseCpu,
    'RSS MB': of.residentBytes === undefined ? undefined : Math.round(of.residentBytes / MEGABYTE),
    'of limit': ratio(limit?.cpu, of.cpu),
    'against memory': ratio(memory, of.cpu),
    'against SQLite': ratio(sqlite, of.cpu),
    generator: of.generator,
  });
  const computed = limit && row('limit', { perSecond: 1e6 / limit.elapsed, cpu: limit.cpu });
  const measured = figures.filter((one) => one.label === label && one.contender !== 'bare HTTP');
  return [...(computed ? [computed] : []), ...measured.map((one) => row(one.contender, one))];
}

const ratio = (other: number | undefined, mine: number | undefined): number | undefined =>
  other === undefined || mine === undefined ? undefined : other / mine;

function verdictRows(verdicts: readonly Verdict[]): readonly Row[] {
  return verdicts.map((verdict) => {
    const { against, wanted, ratios, basis } = verdict;
    const cell = (of: Basis): string => `${ratios[of].toFixed(2)}${of === basis ? ' *' : ''}`;
    return {
      operation: verdict.label,
      who: verdict.contender,
      against,
      wanted: `≥ ${wanted}${against === 'the limit' ? '' : '×'}`,
      'by CPU': cell('CPU'),
      'by rate': cell('rate'),
      verdict: isMet(verdict) ? 'met' : 'NOT MET',
    };
  });
}
