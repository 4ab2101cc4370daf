import type { ParsedClient } from '../admin/client-metadata.ts';
import { clientRules } from '../admin/client-rules.ts';
import { defaultClients } from '../admin/default-clients.ts';
import { resourceSchema, scopeSchema } from '../admin/definition-schema.ts';
import { checkFields, type Fault, isRecord } from '../admin/fault.ts';
import { type GroupRecord, parseGroupRecord } from '../admin/group-record.ts';
import type { Wanted } from '../admin/plan.ts';
import { parseUserRecord, type UserRecord } from '../admin/user-record.ts';
import { readClient } from './client-input.ts';
import type { Call } from './operation.ts';
import { badBody } from './problem.ts';

const KEYS = ['scopes', 'resources', 'clients', 'groups', 'users', 'prune'];

/** What a body asks for, everything in it checked like any other, with the clients of the profile. */
export function readWanted({ provider, body }: Call): Readonly<{ wanted: Wanted; prune: boolean }> {
  const { tenant } = provider;
  if (!isRecord(body)) throw badBody([{ path: [], message: 'must be a group of keys with values' }]);
  const rules = { ...clientRules(tenant), secretRequired: true };
  const scopes = readList('scopes', body, (input) => sound(checkFields(scopeSchema.shape, input, [])));
  const resources = readList('resources', body, (input) =>
    sound(checkFields(resourceSchema.shape, input, [])),
  );
  const known = { resources: [...tenant.resources, ...resources.entries] };
  const clients = readList('clients', body, (input): ParsedClient | Faulty =>
    readClient(known, input, rules),
  );
  const groups = readList('groups', body, (input): GroupRecord | Faulty => {
    const read = parseGroupRecord(input);
    return 'faults' in read ? read : read.group;
  });
  const users = readList('users', body, (input): UserRecord | Faulty => {
    const read = parseUserRecord(input);
    return 'faults' in read ? read : read.user;
  });
  const faults: readonly Fault[] = [
    ...Object.keys(body)
      .filter((key) => !KEYS.includes(key))
      .map((key) => ({ path: [key], message: 'is not a known key' })),
    ...(typeof (body['prune'] ?? false) === 'boolean'
      ? []
      : [{ path: ['prune'], message: 'must be true or false' }]),
    ...[scopes, resources, clients, groups, users].flatMap((list) => list.faults),
    ...repeats('scopes', scopes.entries, ({ scope }) => scope),
    ...repeats('resources', resources.entries, ({ resource }) => resource),
    ...repeats('clients', clients.entries, ({ metadata }) => metadata.client_id),
    ...repeats('groups', groups.entries, ({ name }) => name),
    ...repeats('users', users.entries, ({ username }) => username),
  ];
  if (faults.length > 0) throw badBody(faults.slice(0, MOST_FAULTS));
  return {
    wanted: {
      scopes: scopes.entries,
      resources: resources.entries,
      clients: [...defaultClients(tenant, clients.entries), ...clients.entries],
      groups: groups.entries,
      users: users.entries,
      replaced: [],
    },
    prune: body['prune'] === true,
  };
}

/** So many are told at once. */
const MOST_FAULTS = 100;

type Faulty = Readonly<{ faults: readonly Fault[] }>;

function readList<Entry extends object>(
  key: string,
  body: Readonly<Record<string, unknown>>,
  read: (input: unknown) => Entry | Faulty,
): Readonly<{ entries: readonly Entry[]; faults: readonly Fault[] }> {
  const list = body[key] ?? [];
  if (!Array.isArray(list)) return { entries: [], faults: [{ path: [key], message: 'must be a list' }] };
  const entries: Entry[] = [];
  const faults: Fault[] = [];
  for (const [index, input] of list.entries()) {
    const one = read(input);
    if ('faults' in one)
      faults.push(...one.faults.map(({ path, message }) => ({ path: [key, index, ...path], message })));
    else entries.push(one);
  }
  return { entries, faults };
}

const sound = <Entry extends object>({
  complete,
  faults,
}: Readonly<{ complete: Entry | undefined; faults: readonly Fault[] }>): Entry | Faulty =>
  complete ?? { faults };

function repeats<Entry>(
  key: string,
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
): readonly Fault[] {
  const names = entries.map(nameOf);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: [key, index], message: `is ${name} a second time` }] : [],
  );
}
