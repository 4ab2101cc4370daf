import { printable, wordOf } from './terminal.ts';

/** A row of texts by column name; undefined is an empty cell. */
export type TableRow = Readonly<Record<string, string | number | boolean | undefined>>;

const GAP = '  ';
/** A column is never cut below this, however narrow the terminal. */
const LEAST_WIDTH = 8;

/** Rows under headings, in columns padded with blanks; cut to `width` columns when there is one. */
export function renderTable(columns: readonly string[], rows: readonly TableRow[], width?: number): string {
  const heading = columns.map((column) => column.toUpperCase().replaceAll('_', ' '));
  const cells = rows.map((row) => columns.map((column) => printable(String(row[column] ?? ''))));
  const wanted = columns.map((_, index) =>
    Math.max(...[heading, ...cells].map((line) => textWidth(line[index] ?? ''))),
  );
  const widths = width === undefined ? wanted : fittingWidths(wanted, width);
  return [heading, ...cells].map((line) => renderLine(line, widths)).join('\n');
}

/** One `name  value` line each; lists one entry below the other. */
export function renderRecord(record: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(record).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...lines.map(([name]) => textWidth(name)));
  return lines
    .flatMap(([name, value]) =>
      linesOf(value).map((text, index) => `${padded(index === 0 ? name : '', width)}${GAP}${text}`.trimEnd()),
    )
    .join('\n');
}

function linesOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((entry) => typeof entry !== 'object')) {
    return value.length === 0 ? ['(none)'] : value.map(wordOf);
  }
  return [wordOf(value)];
}

/** Takes from the widest columns until all fit; the first one is what other commands need, so it stays whole. */
function fittingWidths(wanted: readonly number[], width: number): readonly number[] {
  const fitting = [...wanted];
  let excess = fitting.reduce((sum, one) => sum + one, GAP.length * (fitting.length - 1)) - width;
  while (excess > 0) {
    const widest = fitting.indexOf(Math.max(...fitting.slice(1)), 1);
    if ((fitting[widest] ?? 0) <= LEAST_WIDTH) break;
    fitting[widest] = (fitting[widest] ?? 0) - 1;
    excess -= 1;
  }
  return fitting;
}

const renderLine = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, index) => padded(cut(cell, widths[index] ?? 0), widths[index] ?? 0))
    .join(GAP)
    .trimEnd();

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - textWidth(text)));

function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept + character) >= width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;

/** Columns that a terminal needs: two for wide characters, none for marks on the one before. */
export const textWidth = (text: string): number =>
  [...text].reduce(
    (sum, character) => sum + (/\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1),
    0,
  );
