import { stringify } from 'yaml';
import { renderRecord, renderTable, type TableRow } from './table.ts';
import { print, terminalWidth, toJson } from './terminal.ts';

/** How a result is written, from `--output` and `--quiet`. */
export type ResultOptions = Readonly<{ output: 'table' | 'json' | 'yaml'; quiet?: boolean }>;

type Listing<Entry> = Readonly<{
  entries: readonly Entry[];
  /** The text by which other commands name an entry. */
  id: (entry: Entry) => string;
  columns: readonly string[];
  row: (entry: Entry) => TableRow;
}>;

/** Prints a list: all of it as JSON, chosen columns as a table, or the ids alone. */
export function printList<Entry>(options: ResultOptions, list: Listing<Entry>): void {
  const { entries, id, columns, row } = list;
  if (options.quiet === true) {
    for (const entry of entries) print(id(entry));
  } else if (options.output === 'json') print(toJson(entries));
  else if (options.output === 'yaml') print(toYaml(entries));
  else print(renderTable(columns, entries.map(row), terminalWidth()));
}

/** Prints one thing with all its members. */
export function printOne(
  options: ResultOptions,
  id: string,
  record: Readonly<Record<string, unknown>>,
): void {
  if (options.quiet === true) print(id);
  else if (options.output === 'yaml') print(toYaml(record));
  else print(options.output === 'json' ? toJson(record) : renderRecord(record));
}

/** What a terminal would obey is escaped inside of the quotes that YAML puts around it. */
const toYaml = (value: unknown): string =>
  stringify(JSON.parse(toJson(value)), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
