import { resolve } from 'node:path';
import type { Fault, FaultPath } from '../admin/fault.ts';
import type { Group } from './merge.ts';
import type { Environment } from './source-environment.ts';

const MAX_LENGTH = 64 * 1024;

/** How a file is read: throws like `readFileSync`. */
export type ReadFile = (path: string) => string;

/**
 * The same for `KEY_env`, which names a variable of the environment. Names that begin with SIGNET_ are those of settings.
 */
export function takeVariable(
  group: Group,
  key: string,
  path: FaultPath,
  environment: Environment,
): { group: Group; faults: readonly Fault[] } {
  const { [`${key}_env`]: name, ...rest } = group;
  const failed = (message: string) => ({ group: rest, faults: [{ path: [...path, `${key}_env`], message }] });
  if (name === undefined) return { group, faults: [] };
  if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.startsWith('SIGNET_'))
    return failed('must be the name of a variable of the environment that does not begin with SIGNET_');
  if (group[key] !== undefined || group[`${key}_file`] !== undefined)
    return failed(
      `is given beside ${group[key] === undefined ? `${key}_file` : key}: only one of them may be`,
    );
  const secret = environment[name] ?? '';
  if (secret === '') return failed(`names ${name}, which is not in the environment or empty`);
  return { group: { ...rest, [key]: secret }, faults: [] };
}

/** Puts the content of the file named by `KEY_file` in the place of `KEY`; a line end after the secret is not part of it. */
export function takeSecret(
  group: Group,
  key: string,
  path: FaultPath,
  from: { folder: string; readFile: ReadFile },
): { group: Group; faults: readonly Fault[] } {
  const fileKey = `${key}_file`;
  const { [fileKey]: name, ...rest } = group;
  const failed = (message: string) => ({ group: rest, faults: [{ path: [...path, fileKey], message }] });
  if (name === undefined) return { group, faults: [] };
  if (typeof name !== 'string' || name === '') return failed('must be the path of a file');
  if (group[key] !== undefined) return failed(`is given beside ${key}: only one of the two may be`);
  const text = readText(resolve(from.folder, name), from.readFile);
  if ('fault' in text) return failed(text.fault);
  const secret = text.value.replace(/\r?\n$/, '');
  if (secret === '') return failed('names an empty file');
  if (secret.length > MAX_LENGTH) return failed('names a file that is too large for a secret');
  return { group: { ...rest, [key]: secret }, faults: [] };
}

/** Text of a file, or a clause that says why it cannot be had. */
export function readText(path: string, readFile: ReadFile): { value: string } | { fault: string } {
  try {
    return { value: readFile(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return { fault: `names a file that is not there: ${path}` };
    if (code === 'EACCES') return { fault: `names a file that this user may not read: ${path}` };
    return { fault: `names a file that cannot be read: ${path}` };
  }
}
