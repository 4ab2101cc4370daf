import type { Node } from 'yaml';
import { Document, isMap, isScalar, isSeq, visit } from 'yaml';
import { formatDuration } from '../admin/duration.ts';
import type { FaultPath } from '../admin/fault.ts';
import { isRecord } from '../admin/fault.ts';
import type { RegistrationPolicy } from '../model/registration.ts';
import { formatPath } from './fault.ts';
import type { Config } from './load.ts';
import type { Group } from './merge.ts';
import type { TenantConfig } from './tenant.ts';

const SECRET = '(secret)';
const SECRET_KEYS = ['client_secret', 'password', 'password_hash', 'master_secret'];

/** The effective configuration as YAML: each line says where its value came from, and no secret is in it. */
export function showConfig(config: Config): string {
  const { tenants, origins, ...server } = config;
  const several = Object.keys(origins).some((path) => path.startsWith('tenants'));
  const providers = several
    ? { tenants: tenants.map((tenant) => ({ name: tenant.name, ...providerTree(tenant) })) }
    : tenants.map(providerTree)[0];
  const document = new Document(concealed({ ...server, ...providers }));
  document.commentBefore = ' Values that the profile decides are left out.';
  if (document.contents !== null) annotate(document.contents, [], origins);
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** One provider as a file describes it, with its secrets. */
export function providerTree(tenant: TenantConfig): Group {
  const { settings, scopes, resources, clients, users, groups } = tenant;
  const { lifetimes, ...rest } = settings;
  const given = Object.entries(lifetimes).flatMap(([name, seconds]) =>
    seconds === undefined ? [] : [[name, formatDuration(seconds)]],
  );
  return {
    issuer: tenant.issuer,
    profile: tenant.profile,
    display_name: tenant.display_name,
    ...(tenant.sites.length > 0 && { sites: tenant.sites }),
    ...(tenant.insecure_redirect_uris.length > 0 && {
      insecure_redirect_uris: tenant.insecure_redirect_uris,
    }),
    ...rest,
    ...(given.length === 0 ? {} : { lifetimes: Object.fromEntries(given) }),
    scopes,
    resources,
    dynamic_registration: tenant.dynamic_registration,
    registration: registrationTree(tenant.registration),
    client_file: tenant.client_file?.path,
    password_reset_uri: tenant.password_reset_uri,
    clients: clients.map(({ metadata, ...secret }) => ({ ...metadata, ...secret })),
    users,
    ...(groups.length > 0 && { groups }),
  };
}

function registrationTree({ expires_after, unused_after, ...rest }: RegistrationPolicy): Group {
  return {
    ...rest,
    ...(expires_after !== undefined && { expires_after: formatDuration(expires_after) }),
    ...(unused_after !== undefined && { unused_after: formatDuration(unused_after) }),
  };
}

function concealed(value: unknown, key = ''): unknown {
  if (SECRET_KEYS.includes(key) && value !== undefined) return SECRET;
  if ((key === 'database' || key === 'smtp') && typeof value === 'string') return withoutPassword(value);
  if (Array.isArray(value)) return value.map((entry) => concealed(entry));
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, concealed(member, name)]));
}

function withoutPassword(address: string): string {
  if (!URL.canParse(address) || address.startsWith('sqlite:')) return address;
  const url = new URL(address);
  const query = [...url.searchParams].map(
    ([name, value]) => `${name}=${/pass|secret|key/i.test(name) ? SECRET : value}`,
  );
  const who = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : `:${SECRET}`}@`;
  return `${url.protocol}//${who}${url.host}${url.pathname}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** Writes the origin behind each value, but for a record of a list once above it. */
function annotate(node: Node, path: FaultPath, origins: Readonly<Record<string, string>>): void {
  const name = formatPath(path);
  if (isMap<{ value: string }, Node>(node)) {
    for (const { key, value } of node.items)
      if (value !== null) annotate(value, [...path, key.value], origins);
  } else if (isSeq<Node>(node) && node.items.some((item) => isMap(item))) {
    for (const [index, item] of node.items.entries()) {
      const origin = origins[`${name}[${index}]`];
      if (name === 'tenants') annotate(item, [...path, index], origins);
      else if (origin !== undefined) item.commentBefore = ` ${origin}`;
    }
  } else {
    node.comment = ` ${origins[name] ?? origins[`${name}_file`] ?? 'default'}`;
  }
}
