import type { ParsedClient } from '../admin/client-metadata.ts';
import { parseClientMetadata } from '../admin/client-metadata.ts';
import type { ClientRules } from '../admin/client-rules.ts';
import type { Fault, FaultPath } from '../admin/fault.ts';
import { isRecord } from '../admin/fault.ts';
import { type GroupRecord, parseGroupRecord } from '../admin/group-record.ts';
import type { UserRecord } from '../admin/user-record.ts';
import { parseUserRecord } from '../admin/user-record.ts';
import type { ClientMetadata } from '../model/client.ts';
import { normalizeGroupName } from '../model/group.ts';
import { normalizeUsername } from '../model/user.ts';
import { formatPath } from './fault.ts';
import type { ReadFile } from './secret-file.ts';
import { takeSecret, takeVariable } from './secret-file.ts';
import { MAX_ENTRIES } from './settings.ts';
import type { Environment } from './source-environment.ts';

/** Where a list stands, how the files it names are read, and where its variables are. */
export type ListPlace = Readonly<{
  path: FaultPath;
  folder: string;
  readFile: ReadFile;
  environment: Environment;
}>;

/** What the provider says of its clients; `resources` is undefined while they are not known to be sound. */
export type ListRules = ClientRules & Readonly<{ resources: readonly string[] | undefined }>;

type Read<Entry> = Readonly<{ entries: readonly Entry[]; faults: readonly Fault[] }>;

/** The `clients` of a provider, with their secrets from the files they name. */
export function readClients(input: unknown, place: ListPlace, provider: ListRules): Read<ParsedClient> {
  const read = readList(input, place, (item, path): Read<ParsedClient> => {
    const { item: whole, faults } = withSecret(item, 'client_secret', { ...place, path });
    const parsed = parseClientMetadata(whole, { ...provider, secretRequired: faults.length === 0 });
    if ('faults' in parsed) return { entries: [], faults: [...faults, ...below(path, parsed.faults)] };
    return {
      entries: [parsed],
      faults: [...faults, ...resourceFaults(parsed.metadata, path, provider.resources)],
    };
  });
  return { ...read, faults: [...read.faults, ...repeats(input, 'client_id', place.path)] };
}

/** The `users` of a provider, with their passwords from the files they name. */
export function readUsers(input: unknown, place: ListPlace): Read<UserRecord> {
  const read = readList(input, place, (item, path): Read<UserRecord> => {
    const { item: whole, faults } = withSecret(item, 'password', { ...place, path });
    const parsed = parseUserRecord(whole);
    if ('faults' in parsed) return { entries: [], faults: [...faults, ...below(path, parsed.faults)] };
    return { entries: [parsed.user], faults };
  });
  return { ...read, faults: [...read.faults, ...repeats(input, 'username', place.path, normalizeUsername)] };
}

/** The `groups` of a provider. */
export function readGroups(input: unknown, place: ListPlace): Read<GroupRecord> {
  const read = readList(input, place, (item, path): Read<GroupRecord> => {
    const parsed = parseGroupRecord(item);
    if ('faults' in parsed) return { entries: [], faults: below(path, parsed.faults) };
    return { entries: [parsed.group], faults: [] };
  });
  return { ...read, faults: [...read.faults, ...repeats(input, 'name', place.path, normalizeGroupName)] };
}

/** Faults of one entry as faults of the whole file. */
const below = (path: FaultPath, faults: readonly Fault[]): readonly Fault[] =>
  faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));

/** A resource that a client may ask for must be one that exists. */
function resourceFaults(
  metadata: ClientMetadata,
  path: FaultPath,
  known: readonly string[] | undefined,
): readonly Fault[] {
  if (known === undefined) return [];
  const strange = (metadata.resources ?? []).filter((resource) => !known.includes(resource));
  return strange.map((resource) => ({
    path: [...path, 'resources'],
    message: `names ${resource}, which is not among the resources of the provider`,
  }));
}

function readList<Entry>(
  input: unknown,
  place: ListPlace,
  readEntry: (item: unknown, path: FaultPath) => Read<Entry>,
): Read<Entry> {
  if (input === undefined || input === null) return { entries: [], faults: [] };
  if (!Array.isArray(input))
    return { entries: [], faults: [{ path: place.path, message: 'must be a list' }] };
  if (input.length > MAX_ENTRIES) {
    return { entries: [], faults: [{ path: place.path, message: `has more than ${MAX_ENTRIES} entries` }] };
  }
  const all = input.map((item, index) => readEntry(item, [...place.path, index]));
  return { entries: all.flatMap((one) => one.entries), faults: all.flatMap((one) => one.faults) };
}

function withSecret(
  item: unknown,
  key: string,
  place: ListPlace,
): { item: unknown; faults: readonly Fault[] } {
  if (!isRecord(item)) return { item, faults: [] };
  const variable = takeVariable(item, key, place.path, place.environment);
  const file = takeSecret(variable.group, key, place.path, place);
  return { item: file.group, faults: [...variable.faults, ...file.faults] };
}

/** Faults of entries whose key is that of an earlier one; `spelling` brings a value into the form that is compared. */
export function repeats(
  input: unknown,
  key: string,
  path: FaultPath,
  spelling: (text: string) => string | undefined = (text) => text,
): readonly Fault[] {
  const seen = new Map<string, number>();
  return (Array.isArray(input) ? input : []).flatMap((entry, index) => {
    const value: unknown = isRecord(entry) ? entry[key] : undefined;
    const name = typeof value === 'string' ? spelling(value) : undefined;
    if (name === undefined) return [];
    const first = seen.get(name);
    if (first === undefined) seen.set(name, index);
    return first === undefined
      ? []
      : [{ path: [...path, index, key], message: `is that of ${formatPath([...path, first])} too` }];
  });
}
