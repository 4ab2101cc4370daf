import { type Fault, type FaultPath, isRecord } from '../admin/fault.ts';
import { formatPath } from '../config/fault.ts';
import { parseYaml } from '../config/source-file.ts';
import { CommandError } from './command-error.ts';
import { readText } from './input.ts';
import { printable } from './terminal.ts';

const MOST_BYTES = 256 * 1024;

/** A group of keys from a file, and the place of each key in it. */
export type MetadataFile = Readonly<{
  value: Readonly<Record<string, unknown>>;
  whereIs: (path: FaultPath) => string;
}>;

/** JSON or YAML from a file or standard input. */
export async function readMetadata(path: string): Promise<MetadataFile> {
  const name = path === '-' ? 'standard input' : path;
  const read = parseYaml(name, await readText(path, MOST_BYTES));
  if ('faults' in read) {
    const lines = read.faults.map(({ where, key, message }) => line(where, `${key} ${message}`.trim()));
    throw new CommandError('usage', [`${name} cannot be read as JSON or YAML:`, ...lines].join('\n'));
  }
  const { value, whereIs } = read;
  if (!isRecord(value)) throw new CommandError('usage', `${name} must be a group of keys with values.`);
  return { value, whereIs };
}

/** All faults of what was given, one a line, with the place in the file when there is one. */
export function invalid(
  subject: string,
  faults: readonly Fault[],
  whereIs: ((path: FaultPath) => string) | undefined,
): CommandError {
  const lines = faults.map(({ path, message }) =>
    line(whereIs?.(path) ?? '', `${formatPath(path)} ${message}`.trim()),
  );
  return new CommandError('usage', [`${subject} has ${countOf(faults.length)}:`, ...lines].join('\n'));
}

const countOf = (faults: number): string => (faults === 1 ? 'a fault' : `${faults} faults`);

const line = (where: string, sentence: string): string =>
  `  ${where === '' ? '' : `${printable(where)}  `}${printable(sentence)}`;
