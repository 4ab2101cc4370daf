/** A table's cell: numbers are rounded by size, what is not there is a dash. */
export type Cell = string | number | undefined;

/** A Markdown table of rows with equal keys; the keys of the first are its head. Numbers stand at the right. */
export function table(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const head = Object.keys(first);
  const body = rows.map((row) => head.map((name) => shown(row[name])));
  const widths = head.map((name, at) =>
    Math.max(3, name.length, ...body.map((cells) => (cells[at] ?? '').length)),
  );
  const right = head.map((name) => rows.every((row) => typeof row[name] !== 'string'));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (right[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => `${'-'.repeat(width + 1)}${right[at] === true ? ':' : '-'}`).join('|')}|`;
  return [line(head), rule, ...body.map(line)].join('\n');
}

/** Three significant digits are enough for any measurement; whole numbers stay whole. */
export function shown(cell: Cell): string {
  if (cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell))) return '–';
  if (typeof cell === 'string') return cell;
  if (Number.isInteger(cell) || Math.abs(cell) >= 1000) return Math.round(cell).toLocaleString('en');
  return cell.toFixed(Math.abs(cell) >= 100 ? 0 : Math.abs(cell) >= 10 ? 1 : 2);
}
