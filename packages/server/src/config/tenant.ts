import type { ParsedClient } from '../admin/client-metadata.ts';
import type { ClientRules } from '../admin/client-rules.ts';
import type { Fault, FaultPath } from '../admin/fault.ts';
import { checkFields, isRecord, nearestKey, unknownKeys } from '../admin/fault.ts';
import type { GroupRecord } from '../admin/group-record.ts';
import type { UserRecord } from '../admin/user-record.ts';
import type { Resource, ScopeDefinition } from '../model/definition.ts';
import type { Lifetimes, Profile } from '../model/profile.ts';
import type { RegistrationAccess, RegistrationPolicy } from '../model/registration.ts';
import { siteOf } from '../model/tenant.ts';
import { standard } from '../profiles/standard.ts';
import { type ClientFile, readClientFile } from './client-file.ts';
import { issuerFault } from './issuer.ts';
import type { Group, Settings } from './merge.ts';
import { readClients, readGroups, readUsers, repeats } from './people.ts';
import { registrationFaults } from './registration-setting.ts';
import type { ReadFile } from './secret-file.ts';
import type { TenantFields } from './settings.ts';
import { namedTenantShape, tenantEntry, tenantShape } from './settings.ts';
import type { Environment } from './source-environment.ts';

/** What the operator lays over the profile; absent is the profile's. */
export type TenantSettings = Readonly<
  { lifetimes: Partial<{ [Name in keyof Lifetimes]: number | undefined }> } & Pick<
    TenantFields,
    | 'signing_algorithm'
    | 'access_token_format'
    | 'require_pkce'
    | 'consent'
    | 'refresh_token_rotation'
    | 'sign_in_by_email'
  >
>;

/** One provider as it is configured. */
export type TenantConfig = Readonly<{
  name: string;
  issuer: string;
  /** Further issuers of the same provider. */
  sites: readonly string[];
  insecure_redirect_uris: readonly string[];
  /** Name of a known profile. */
  profile: string;
  display_name: string;
  settings: TenantSettings;
  /** The file or environment variable that gives a setting its value, such as `lifetimes.session`; of what is absent, none does. */
  origins: Readonly<Record<string, string>>;
  scopes: readonly ScopeDefinition[];
  resources: readonly Resource[];
  /** Clients in the system's own form. */
  client_file?: ClientFile;
  /** Who may register an application without an operator, and what. */
  dynamic_registration: RegistrationAccess;
  registration: RegistrationPolicy;
  /** Where a person who forgot the password is helped. */
  password_reset_uri?: string;
  clients: readonly ParsedClient[];
  users: readonly UserRecord[];
  groups: readonly GroupRecord[];
}>;

/** What a provider is read with, the same for all of one server. */
export type TenantReader = Readonly<{
  settings: Settings;
  readFile: ReadFile;
  environment: Environment;
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

const TENANT_KEYS = [...Object.keys(tenantShape), 'clients', 'users', 'groups'];

function readEntry(entry: unknown, path: FaultPath, reader: TenantReader): ReadTenant {
  if (!isRecord(entry))
    return { tenant: undefined, faults: [{ path, message: 'must be a group of keys with values' }] };
  const known = Object.keys(tenantEntry.shape);
  const read = readTenant(pick(entry, known), path, reader);
  return { ...read, faults: [...unknownKeys(entry, known, path), ...read.faults] };
}

function readTenant(input: Group, path: FaultPath, reader: TenantReader): ReadTenant {
  const { clients, users, groups, ...plain } = input;
  const { fields, complete, faults } = checkFields(namedTenantShape, plain, path);
  const profile = reader.profiles.find((known) => known.name === fields.profile);
  const place = (key: string) => ({
    path: [...path, key],
    folder: reader.settings.folderOf([...path, key]),
    readFile: reader.readFile,
    environment: reader.environment,
  });
  const resources = fields.resources?.map((entry) => entry.resource);
  const readClientList = readClients(clients, place('clients'), {
    ...rulesFor(fields, profile, reader),
    resources,
  });
  const readUserList = readUsers(users, place('users'));
  const readGroupList = readGroups(groups, place('groups'));
  const clientFile = readClientFile(fields.client_file, profile, place('client_file'));
  const all = [
    ...faults,
    ...clientFile.faults,
    ...profileFaults(fields.profile, path, reader.profiles),
    ...('issuer' in fields ? issuerFaults(fields.issuer, path, reader, profile) : []),
    ...(fields.sites ?? []).flatMap((site, index) =>
      addressFaults(site, [...path, 'sites', index], reader, profile),
    ),
    ...registrationFaults(fields, path),
    ...repeats(fields.scopes, 'scope', [...path, 'scopes']),
    ...repeats(fields.resources, 'resource', [...path, 'resources']),
    ...readClientList.faults,
    ...readUserList.faults,
    ...readGroupList.faults,
  ];
  if (complete === undefined || all.length > 0) return { tenant: undefined, faults: all };
  const { issuer = reader.usualIssuer ?? '', client_file: _name, ...given } = complete;
  const people = {
    ...(clientFile.file !== undefined && { client_file: clientFile.file }),
    clients: readClientList.entries,
    users: readUserList.entries,
    groups: readGroupList.entries,
  };
  const { name: _own, scopes: _scopes, resources: _resources, ...named } = plain;
  const origins = originsOf(named, path, reader.settings);
  return { tenant: { ...tenantOf({ ...given, issuer }), origins, ...people }, faults: [] };
}

/** Where each setting that is given comes from. Without the line: a tenant is not another one because lines above it were added. */
function originsOf(
  given: Group,
  path: FaultPath,
  { whereIs }: Pick<Settings, 'whereIs'>,
  before = '',
): TenantConfig['origins'] {
  const entries = Object.entries(given).flatMap(([key, value]): readonly (readonly [string, string])[] => {
    if (value === undefined) return [];
    const at = [...path, key];
    if (isRecord(value)) return Object.entries(originsOf(value, at, { whereIs }, `${before}${key}.`));
    return [[before + key, whereIs(at).replace(/:\d+:\d+$/, '')]];
  });
  return Object.fromEntries(entries);
}

function tenantOf(
  fields: Omit<TenantFields, 'client_file'> & { name: string; issuer: string },
): Omit<TenantConfig, 'clients' | 'users' | 'groups' | 'origins'> {
  const {
    name,
    issuer,
    sites,
    insecure_redirect_uris,
    profile,
    display_name,
    scopes,
    resources,
    password_reset_uri,
    dynamic_registration,
    registration,
    ...settings
  } = fields;
  return {
    name,
    issuer,
    sites,
    insecure_redirect_uris,
    profile,
    display_name,
    settings,
    scopes,
    resources,
    dynamic_registration,
    registration,
    ...(password_reset_uri !== undefined && { password_reset_uri }),
  };
}

/** What the clients of the provider may register, as far as its own settings are sound. */
function rulesFor(
  fields: Partial<TenantFields>,
  profile: Profile | undefined,
  { usualIssuer }: TenantReader,
): ClientRules {
  const { redirects: manners, grant_types, consent } = profile ?? standard;
  const issuers = [fields.issuer ?? usualIssuer, ...(fields.sites ?? [])];
  return {
    consent: fields.consent ?? consent,
    grant_types,
    adminScopes: true,
    redirects: {
      manners,
      sites: issuers.flatMap((one) =>
        one !== undefined && URL.canParse(one) ? [siteOf(one, profile ?? standard)] : [],
      ),
      insecure: fields.insecure_redirect_uris ?? [],
    },
  };
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

function issuerFaults(
  issuer: string | undefined,
  path: FaultPath,
  reader: TenantReader,
  profile: Profile | undefined,
): readonly Fault[] {
  const found = [...path, 'issuer'];
  const suffix = profile?.issuer_path ?? '';
  if (issuer === undefined) {
    if (reader.usualIssuer !== undefined) return [];
    return [
      {
        path: found,
        message: `is missing: the public address of the provider, such as https://id.example.com${suffix}`,
      },
    ];
  }
  return addressFaults(issuer, found, reader, profile);
}

/** A profile that serves more than OAuth says where below its site the issuer stands. */
function suffixFault(issuer: string, profile: Profile | undefined): string | undefined {
  if (profile === undefined || issuer.endsWith(profile.issuer_path)) return undefined;
  return `must end with ${profile.issuer_path} in the profile ${profile.name}: write it as ${issuer}${profile.issuer_path}`;
}

/** What is wrong with an address that the provider answers at. */
function addressFaults(
  address: string,
  path: FaultPath,
  { allowInsecureIssuer }: TenantReader,
  profile: Profile | undefined,
): readonly Fault[] {
  const message = issuerFault(address, allowInsecureIssuer) ?? suffixFault(address, profile);
  return message === undefined ? [] : [{ path, message }];
}
