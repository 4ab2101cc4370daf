import { resolve } from 'node:path';
import type { Fault } from '../admin/fault.ts';
import type { Profile } from '../model/profile.ts';
import { formatPath } from './fault.ts';
import type { ListPlace } from './people.ts';
import { readText } from './secret-file.ts';
import { parseYaml } from './source-file.ts';

/** A file of clients in a system's own form: its name, and its YAML as plain values for the reader that the profile names. */
export type ClientFile = Readonly<{ path: string; value: unknown }>;

/** The file that `client_file` names, if it does and the profile has a reader for it. */
export function readClientFile(
  name: string | undefined,
  profile: Profile | undefined,
  { path, folder, readFile }: ListPlace,
): Readonly<{ file?: ClientFile; faults: readonly Fault[] }> {
  if (name === undefined || profile === undefined) return { faults: [] };
  const failed = (message: string) => ({ faults: [{ path, message }] });
  if (profile.client_file === undefined)
    return failed(`is read only where a profile has a form of its own for it, which ${profile.name} has not`);
  const text = readText(resolve(folder, name), readFile);
  if ('fault' in text) return failed(text.fault);
  const parsed = parseYaml(name, text.value);
  if (!('faults' in parsed)) return { file: { path: name, value: parsed.value }, faults: [] };
  const [first] = parsed.faults;
  return failed(
    `names a file with a fault: ${first?.where ?? name} ${formatPath([first?.key ?? ''])} ${first?.message ?? ''}`,
  );
}
