import type { Fault } from '../admin/fault.ts';
import { checkFields, isRecord, unknownKeys } from '../admin/fault.ts';
import type { Profile } from '../model/profile.ts';
import { siteOf } from '../model/tenant.ts';
import type { ConfigFault } from './fault.ts';
import { formatPath } from './fault.ts';
import { issuerClashes } from './issuer.ts';
import type { Settings } from './merge.ts';
import { mergeSettings, originsOf, platformWarnings } from './merge.ts';
import type { ReadFile } from './secret-file.ts';
import { takeSecret } from './secret-file.ts';
import type { ServerConfig } from './server.ts';
import { completeServer, usualIssuer } from './server.ts';
import { SECRET_SETTINGS, serverShape, settingsSchema } from './settings.ts';
import type { Environment } from './source-environment.ts';
import { readOverrides } from './source-environment.ts';
import { parseYaml } from './source-file.ts';
import type { TenantConfig } from './tenant.ts';
import { pick, readTenants } from './tenant.ts';
import { configWarnings } from './warnings.ts';

/** Where a configuration comes from; nothing else is read. */
export type ConfigSources = Readonly<{
  /** The file's path, against whose folder its relative paths resolve, and its text. */
  file?: Readonly<{ path: string; text: string }> | undefined;
  /** From `readEnvironment()`. */
  environment: Environment;
  /** Reads a file that a setting names; throws like `readFileSync`. */
  readFile: ReadFile;
  profiles: readonly Profile[];
}>;

/** Everything that is configured, complete and checked. Holds secrets: show it only through `showConfig`. */
export type Config = ServerConfig &
  Readonly<{
    /** At least one; no two share an issuer or a name, and no two clients or users of one share theirs. */
    tenants: readonly TenantConfig[];
    /** Where values came from, such as `listen.port` from `signet.yaml:3:11`; what is absent is a default. */
    origins: Readonly<Record<string, string>>;
  }>;

/** A sound configuration with sentences about what is allowed but doubtful, or every fault at once. */
export type LoadedConfig =
  | { config: Config; warnings: readonly string[] }
  | { faults: readonly ConfigFault[] };

/** Reads file and environment into one configuration. `SIGNET_…` is stronger than `PORT` and the like, and both than the file. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const file = sources.file === undefined ? undefined : readSource(sources.file);
  const { overrides, faults } = readOverrides(sources.environment);
  if (file !== undefined && 'faults' in file) return { faults: [...file.faults, ...faults] };
  const settings = mergeSettings(file, overrides);
  const read = readSettings(settings, sources);
  const told = [...faults, ...read.faults.map((fault) => located(fault, settings))];
  if (read.config === undefined || told.length > 0) return { faults: told };
  const config = { ...read.config, origins: originsOf(settings) };
  return {
    config,
    warnings: [...platformWarnings(file, overrides), ...configWarnings(config, sources.readFile)],
  };
}

function readSource(file: { path: string; text: string }) {
  const parsed = parseYaml(file.path, file.text);
  if ('faults' in parsed) return parsed;
  if (parsed.value === null || isRecord(parsed.value)) return { path: file.path, ...parsed };
  return {
    faults: [{ where: parsed.whereIs([]), key: '', message: 'The file must be a group of keys with values' }],
  };
}

type ReadSettings = { config: Omit<Config, 'origins'> | undefined; faults: readonly Fault[] };

function readSettings(settings: Settings, sources: ConfigSources): ReadSettings {
  const { tree, faults: secretFaults } = takeSecrets(settings, sources.readFile);
  const server = checkFields(serverShape, pick(tree, Object.keys(serverShape)), []);
  const read = readTenants(tree, {
    settings,
    readFile: sources.readFile,
    environment: sources.environment,
    profiles: sources.profiles,
    allowInsecureIssuer: server.fields.allow_insecure_issuer ?? false,
    usualIssuer: settings.file === undefined ? usualIssuer(server.fields) : undefined,
  });
  const tenants = read.flatMap(({ tenant }) => (tenant === undefined ? [] : [tenant]));
  const faults = [
    ...unknownKeys(tree, Object.keys(settingsSchema.shape), []),
    ...secretFaults,
    ...server.faults,
    ...read.flatMap((one) => one.faults),
  ];
  if (server.complete === undefined || faults.length > 0) return { config: undefined, faults };
  const clashes = clashFaults(tenants, sources.profiles, 'tenants' in tree);
  return { config: { ...completeServer(server.complete, tenants, settings), tenants }, faults: clashes };
}

function takeSecrets(
  settings: Settings,
  readFile: ReadFile,
): Pick<Settings, 'tree'> & { faults: readonly Fault[] } {
  let tree = settings.tree;
  const faults: Fault[] = [];
  for (const { group: name, key } of SECRET_SETTINGS) {
    const group = name === undefined ? tree : tree[name];
    // What is no group of keys is a fault that is told elsewhere.
    if (!isRecord(group)) continue;
    const path = name === undefined ? [] : [name];
    const taken = takeSecret(group, key, path, {
      folder: settings.folderOf([...path, `${key}_file`]),
      readFile,
    });
    faults.push(...taken.faults);
    // Where the file cannot be had, the setting is not missing as well.
    if (taken.faults.length > 0) continue;
    tree = name === undefined ? taken.group : { ...tree, [name]: taken.group };
  }
  return { tree, faults };
}

function clashFaults(
  tenants: readonly TenantConfig[],
  profiles: readonly Profile[],
  areListed: boolean,
): readonly Fault[] {
  const places = tenants.flatMap(({ name, issuer, sites, profile }, entry) => {
    const known = profiles.find((one) => one.name === profile);
    if (known === undefined) return [];
    return [issuer, ...sites].map((one) => ({ entry, name, site: siteOf(one, known), paths: known.paths }));
  });
  return issuerClashes(places).map(({ index, message }) => ({
    path: areListed ? ['tenants', places[index]?.entry ?? 0, 'issuer'] : ['issuer'],
    message,
  }));
}

function located(fault: Fault, settings: Settings): ConfigFault {
  const { path, message, nearest } = fault;
  const told = { where: settings.whereIs(path), key: formatPath(path), message };
  return nearest === undefined ? told : { ...told, nearest };
}
