import type { ParsedClient } from '../admin/client-metadata.ts';
import type { Fault, FaultPath } from '../admin/fault.ts';
import { checkFields, isRecord, nearestKey, unknownKeys } from '../admin/fault.ts';
import type { UserRecord } from '../admin/user-record.ts';
import type { Lifetimes, Profile } from '../model/profile.ts';
import type { Resource } from '../model/tenant.ts';
import { issuerFault } from './issuer.ts';
import type { Group, Settings } from './merge.ts';
import { readClients, readUsers, repeats } from './people.ts';
import type { ReadFile } from './secret-file.ts';
import type { TenantFields } from './settings.ts';
import { namedTenantShape, tenantEntry, tenantShape } from './settings.ts';

/** A scope beside those of the profile. */
export type ScopeConfig = Readonly<{
  scope: string;
  description?: string | undefined;
  claims: readonly string[];
}>;

/** What the operator lays over the profile; absent is the profile's. */
export type TenantSettings = Readonly<
  { lifetimes: Partial<{ [Name in keyof Lifetimes]: number | undefined }> } & Pick<
    TenantFields,
    'signing_algorithm' | 'access_token_format' | 'require_pkce' | 'consent' | 'refresh_token_rotation'
  >
>;

/** One provider as it is configured. */
export type TenantConfig = Readonly<{
  name: string;
  issuer: string;
  /** Name of a known profile. */
  profile: string;
  display_name: string;
  settings: TenantSettings;
  scopes: readonly ScopeConfig[];
  resources: readonly Resource[];
  clients: readonly ParsedClient[];
  users: readonly UserRecord[];
}>;

/** What a provider is read with, the same for all of one server. */
export type TenantReader = Readonly<{
  settings: Settings;
  readFile: ReadFile;
  profiles: readonly Profile[];
  allowInsecureIssuer: boolean;
  /** Issuer where none is written; undefined where one must be. */
  usualIssuer: string | undefined;
}>;

/** A provider whose fields are all sound, or undefined beside the faults. */
export type ReadTenant = Readonly<{ tenant: TenantConfig | undefined; faults: readonly Fault[] }>;

/** The providers of a configuration: those of `tenants`, or the one at the top of the file. */
export function readTenants(tree: Group, reader: TenantReader): readonly ReadTenant[] {
  const list = tree.tenants;
  if (list === undefined) return [readTenant({ name: 'default', ...pick(tree, TENANT_KEYS) }, [], reader)];
  const misplaced = TENANT_KEYS.filter((key) => Object.hasOwn(tree, key)).map((key) => ({
    path: [key],
    message: 'belongs into the entries of tenants, since there are tenants',
  }));
  if (!Array.isArray(list) || list.length === 0) {
    return [
      {
        tenant: undefined,
        faults: [...misplaced, { path: ['tenants'], message: 'must be a list of at least 1 entry' }],
      },
    ];
  }
  const read = list.map((entry: unknown, index) =>
    readEntry(entry, ['tenants', index], { ...reader, usualIssuer: undefined }),
  );
  return [...read, { tenant: undefined, faults: [...misplaced, ...repeats(list, 'name', ['tenants'])] }];
}

/** The part of a group that has these keys. */
export function pick(group: Group, keys: readonly string[]): Group {
  return Object.fromEntries(Object.entries(group).filter(([key]) => keys.includes(key)));
}

const TENANT_KEYS = [...Object.keys(tenantShape), 'clients', 'users'];

function readEntry(entry: unknown, path: FaultPath, reader: TenantReader): ReadTenant {
  if (!isRecord(entry))
    return { tenant: undefined, faults: [{ path, message: 'must be a group of keys with values' }] };
  const known = Object.keys(tenantEntry.shape);
  const read = readTenant(pick(entry, known), path, reader);
  return { ...read, faults: [...unknownKeys(entry, known, path), ...read.faults] };
}

function readTenant(input: Group, path: FaultPath, reader: TenantReader): ReadTenant {
  const { clients, users, ...plain } = input;
  const { fields, complete, faults } = checkFields(namedTenantShape, plain, path);
  const profile = reader.profiles.find((known) => known.name === fields.profile);
  const place = (key: string) => ({
    path: [...path, key],
    folder: reader.settings.folderOf([...path, key]),
    readFile: reader.readFile,
  });
  const consent = fields.consent ?? profile?.consent ?? 'remember';
  const resources = fields.resources?.map((entry) => entry.resource);
  const readClientList = readClients(clients, place('clients'), { consent, resources });
  const readUserList = readUsers(users, place('users'));
  const all = [
    ...faults,
    ...profileFaults(fields.profile, path, reader.profiles),
    ...('issuer' in fields ? issuerFaults(fields.issuer, path, reader) : []),
    ...repeats(fields.scopes, 'scope', [...path, 'scopes']),
    ...repeats(fields.resources, 'resource', [...path, 'resources']),
    ...readClientList.faults,
    ...readUserList.faults,
  ];
  if (complete === undefined || all.length > 0) return { tenant: undefined, faults: all };
  const { issuer = reader.usualIssuer ?? '', ...given } = complete;
  const people = { clients: readClientList.entries, users: readUserList.entries };
  return { tenant: { ...tenantOf({ ...given, issuer }), ...people }, faults: [] };
}

function tenantOf(
  fields: TenantFields & { name: string; issuer: string },
): Omit<TenantConfig, 'clients' | 'users'> {
  const { name, issuer, profile, display_name, scopes, resources, ...settings } = fields;
  return { name, issuer, profile, display_name, settings, scopes, resources };
}

function profileFaults(
  name: string | undefined,
  path: FaultPath,
  profiles: readonly Profile[],
): readonly Fault[] {
  const names = profiles.map((profile) => profile.name);
  if (name === undefined || names.includes(name)) return [];
  const nearest = nearestKey(name, names);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return [{ path: [...path, 'profile'], message: `must be one of ${names.join(', ')}${hint}` }];
}

function issuerFaults(issuer: string | undefined, path: FaultPath, reader: TenantReader): readonly Fault[] {
  const found = [...path, 'issuer'];
  if (issuer === undefined) {
    if (reader.usualIssuer !== undefined) return [];
    return [
      {
        path: found,
        message: 'is missing: the public address of the provider, such as https://id.example.com',
      },
    ];
  }
  const message = issuerFault(issuer, reader.allowInsecureIssuer);
  return message === undefined ? [] : [{ path: found, message }];
}
