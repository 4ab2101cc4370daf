import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './runner.ts';

/** One experiment's line. */
export function renderLine({ id, title, database, status, figure, seconds }: Row): string {
  const head = `${id.padEnd(4)} ${database.padEnd(8)} ${status.padEnd(8)}`;
  return `${head} ${title}: ${figure.split('\n')[0]} (${seconds.toFixed(0)} s)`;
}

/** One experiment's line with all that must not be below it. */
export function renderRow(row: Row): string {
  const { figure, violations } = row;
  const shown = violations.slice(0, 8).map(({ invariant, what }) => `       ${invariant}: ${what}`);
  const more = violations.length > 8 ? [`       … and ${violations.length - 8} more`] : [];
  const trace = figure.split('\n').slice(1);
  return [renderLine(row), ...trace, ...shown, ...more].join('\n');
}

export type Sums = Readonly<{
  clean: number;
  violated: number;
  broken: number;
  skipped: number;
  acknowledged: number;
}>;

export function sumsOf(rows: readonly Row[]): Sums {
  const count = (status: Row['status']): number => rows.filter((row) => row.status === status).length;
  return {
    clean: count('clean'),
    violated: count('violated'),
    broken: count('broken'),
    skipped: count('skipped'),
    acknowledged: rows.reduce((sum, row) => sum + row.acknowledged, 0),
  };
}

/** The last line: everything in figures. */
export function renderSums(rows: readonly Row[], seed: number, seconds: number): string {
  const { clean, violated, broken, skipped, acknowledged } = sumsOf(rows);
  return (
    `faults: seed ${seed}, ${rows.length} runs in ${seconds.toFixed(0)} s: ${clean} clean, ${violated} violated, ` +
    `${broken} broken, ${skipped} skipped; ${acknowledged} operations acknowledged`
  );
}

/** Writes the table as Markdown and JSON into a folder. */
export function writeTable(folder: string, rows: readonly Row[], last: string): void {
  mkdirSync(folder, { recursive: true });
  const lines = rows.map(
    ({ id, database, title, status, figure }) =>
      `| ${id} | ${database} | ${title} | ${status} | ${figure.split('\n')[0]?.replaceAll('|', '\\|')} |`,
  );
  const head = ['| | database | experiment | result | figure |', '|---|---|---|---|---|'];
  writeFileSync(join(folder, 'faults.md'), `${[...head, ...lines, '', last].join('\n')}\n`);
  writeFileSync(join(folder, 'faults.json'), `${JSON.stringify({ rows, last }, undefined, 2)}\n`);
}
