import { type ParsedClient, parseClientMetadata } from '../../admin/client-metadata.ts';
import type { ClientRules } from '../../admin/client-rules.ts';
import { isRecord } from '../../admin/fault.ts';
import { RESPONSE_TYPES } from '../../model/client.ts';
import { expandRedirectUri, isLoopbackHttp, parseUri } from '../../model/redirect-uri.ts';
import type { ReadClients } from '../read-clients.ts';

type Entry = Readonly<Record<string, unknown>>;

/** Their name of a field, and the registered one for the same. */
const RENAMED: Readonly<Record<string, string>> = {
  id: 'client_id',
  name: 'client_name',
  secret: 'client_secret',
  uri: 'client_uri',
};

/** Fields with the same name on both sides. */
const SAME = [
  'redirect_uris',
  'post_logout_redirect_uris',
  'application_type',
  'grant_types',
  'contacts',
  'jwks',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'request_object_signing_alg',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
];

/** Read here and no further. Pages of any origin may fetch tokens, so `origins` opens nothing more. */
const OWN = ['trusted', 'insecure', 'origins'];

const GRANT_TYPES = ['authorization_code', 'refresh_token', 'implicit'];

/**
 * The list `clients` of the identity provider's YAML file. A faulty entry is left out with a warning and the others are read, as the
 * system does it.
 */
export function readClientFile(value: unknown, rules: ClientRules): ReadClients {
  const entries = isRecord(value) ? (value['clients'] ?? []) : undefined;
  if (!isRecord(value) || !Array.isArray(entries))
    return { clients: [], warnings: ['The file has no list of clients.'] };
  const warnings: string[] = [];
  if (value['authorities'] !== undefined)
    warnings.push('The list of authorities is not read: people sign in here alone.');
  const clients = new Map<string, ParsedClient>();
  const faulty: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const name = nameOf(entry, index);
    const read = readEntry(entry, rules);
    warnings.push(...read.warnings.map((warning) => `${name} ${warning}`));
    if (read.client === undefined) {
      if (isRecord(entry) && typeof entry['id'] === 'string') faulty.push(entry['id']);
      continue;
    }
    const { client_id } = read.client.metadata;
    if (clients.has(client_id)) warnings.push(`${name} is there twice; the first one counts.`);
    else clients.set(client_id, read.client);
  }
  return { clients: [...clients.values()], warnings, faulty };
}

/** What a warning calls the entry; an id of another kind than text may be anything. */
function nameOf(entry: unknown, index: number): string {
  const id = isRecord(entry) ? entry['id'] : undefined;
  return typeof id === 'string' ? `Client ${JSON.stringify(id.slice(0, 100))}` : `clients[${index}]`;
}

type ReadEntry = Readonly<{ client?: ParsedClient; warnings: readonly string[] }>;

function readEntry(entry: unknown, rules: ClientRules): ReadEntry {
  if (!isRecord(entry)) return { warnings: ['is left out: it is no group of keys with values.'] };
  const known = [...Object.keys(RENAMED), ...SAME, ...OWN];
  const unheeded = Object.keys(entry)
    .filter((key) => !known.includes(key))
    .map((key) => `has ${JSON.stringify(key.slice(0, 100))}, which is not read.`);
  const flags = ['trusted', 'insecure'].filter((key) => !isFlag(entry[key]));
  if (flags.length > 0)
    return { warnings: [...unheeded, `is left out: ${flags.join(' and ')} must be true or false.`] };
  const parsed = parseClientMetadata(metadataOf(entry), {
    ...rules,
    secretRequired: true,
    redirects: { ...rules.redirects, insecure: insecureOf(entry, rules) },
  });
  if (!('faults' in parsed)) return { client: parsed, warnings: unheeded };
  const faults = parsed.faults.map(({ path, message }) => `${path.join('.')} ${message}`);
  return { warnings: [...unheeded, `is left out: ${faults.join('; ')}.`] };
}

const isFlag = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === 'boolean';

/** The metadata that the entry means. */
function metadataOf(entry: Entry): Entry {
  const given = Object.entries(entry).filter(([, value]) => value !== null && value !== '');
  const renamed = given.flatMap(([key, value]) => {
    const name = Object.hasOwn(RENAMED, key) ? RENAMED[key] : SAME.includes(key) ? key : undefined;
    return name === undefined ? [] : [[name, value] as const];
  });
  const fields: Entry = Object.fromEntries(renamed);
  const grants = fields['grant_types'] ?? GRANT_TYPES;
  return {
    application_type: 'web',
    token_endpoint_auth_method: fields['client_secret'] === undefined ? 'none' : 'client_secret_basic',
    post_logout_redirect_uris: fields['redirect_uris'] ?? [],
    // Unsigned ones say no more than the query would; whoever has keys is held to them.
    ...(fields['jwks'] === undefined && { request_object_signing_alg: 'none' }),
    consent: entry['trusted'] === true ? 'skip' : 'always',
    grant_types: grants,
    response_types: responseTypesFor(grants),
    ...fields,
  };
}

/** Every response type that the grant types let a client have (RFC 7591 §2.1). */
function responseTypesFor(grants: unknown): readonly string[] {
  const has = (grant: string): boolean => Array.isArray(grants) && grants.includes(grant);
  return RESPONSE_TYPES.filter(
    (type) =>
      (!type.includes('code') || has('authorization_code')) && (!type.includes('token') || has('implicit')),
  );
}

/** Plain http addresses that an entry marked `insecure` may have; on this machine they stay with native applications. */
function insecureOf(entry: Entry, { redirects }: ClientRules): readonly string[] {
  const uris = entry['redirect_uris'];
  if (entry['insecure'] !== true || !Array.isArray(uris)) return redirects.insecure;
  const own = uris
    .filter((uri) => typeof uri === 'string')
    .flatMap((uri) => expandRedirectUri(uri, redirects))
    .filter((uri) => {
      const parsed = parseUri(uri);
      return parsed !== undefined && !isLoopbackHttp(parsed, true);
    });
  return [...redirects.insecure, ...own];
}
