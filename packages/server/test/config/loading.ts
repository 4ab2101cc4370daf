import type { ConfigFault } from '../../src/config/fault.ts';
import type { Config } from '../../src/config/load.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Profile } from '../../src/model/profile.ts';
import { standard } from '../../src/profiles/standard.ts';

/** Profiles that differ in what a configuration depends on. */
const PROFILES: readonly Profile[] = [
  standard,
  { ...standard, name: 'cells', consent: 'skip' },
  { ...standard, name: 'below', issuer_path: '/below' },
];

export type Given = Readonly<{
  yaml?: string;
  environment?: Readonly<Record<string, string | undefined>>;
  /** Files that settings name, by their absolute path. */
  files?: Readonly<Record<string, string>>;
}>;

/** Loads as the server does, from a file `/etc/signet/signet.yaml` when there is a text for it. */
export function load({ yaml, environment = {}, files = {} }: Given) {
  return loadConfig({
    file: yaml === undefined ? undefined : { path: '/etc/signet/signet.yaml', text: yaml },
    environment,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    profiles: PROFILES,
  });
}

/** The configuration, which must be sound. */
export function configOf(given: Given): Config {
  const loaded = load(given);
  if ('config' in loaded) return loaded.config;
  throw new Error(`refused: ${faultTexts(loaded.faults).join('\n')}`);
}

export function warningsOf(given: Given): readonly string[] {
  const loaded = load(given);
  if ('config' in loaded) return loaded.warnings;
  throw new Error(`refused: ${faultTexts(loaded.faults).join('\n')}`);
}

/** The faults as short texts `2:1 issuer is missing…`; none when the configuration is sound. */
export function faultsOf(given: Given): readonly string[] {
  const loaded = load(given);
  return 'faults' in loaded ? faultTexts(loaded.faults) : [];
}

function faultTexts(faults: readonly ConfigFault[]): readonly string[] {
  return faults.map(({ where, key, message }) =>
    [where.replace('/etc/signet/signet.yaml:', ''), key, message].filter((part) => part !== '').join(' '),
  );
}
