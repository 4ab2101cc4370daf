import { type ParsedClient, parseClientMetadata } from '../../admin/client-metadata.ts';
import type { ClientRules } from '../../admin/client-rules.ts';
import { isRecord } from '../../admin/fault.ts';
import type { ReadClients } from '../read-clients.ts';
import { usableResponseTypes } from './response-types.ts';

type Entry = Readonly<Record<string, unknown>>;

/** Fields with the same name and meaning on both sides. */
const SAME = [
  'client_id',
  'client_name',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'scope',
];
/** How long a refresh token lives without being used. */
const IDLE = 'revokeRefreshTokenAfterInactivity';
const OTHER = ['client_secret', 'response_types', 'audience', IDLE];

/** Services below which the list stands, the newest name first. */
const SERVICES = ['pydio.web.oauth', 'pydio.grpc.oauth'];

/**
 * The list `staticClients` of a `pydio.json`, or of a file that has nothing else. A faulty entry is left out with a warning and the
 * others are read.
 */
export function readClientFile(value: unknown, rules: ClientRules): ReadClients {
  const service = serviceIn(value);
  const entries = service?.['staticClients'];
  if (!Array.isArray(entries)) return { clients: [], warnings: ['The file has no list staticClients.'] };
  const insecure = [...rules.redirects.insecure, ...textsOf(service?.['insecureRedirects'])];
  const own = { ...rules, redirects: { ...rules.redirects, insecure } };
  const warnings: string[] = [];
  const clients = new Map<string, ParsedClient>();
  const faulty: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readEntry(entry, own);
    const name = nameOf(entry, index);
    warnings.push(...read.warnings.map((warning) => `${name} ${warning}`));
    const client_id = read.client?.metadata.client_id ?? String(isRecord(entry) ? entry['client_id'] : '');
    if (read.client === undefined) faulty.push(client_id);
    else if (clients.has(client_id)) warnings.push(`${name} is there twice; the first one counts.`);
    else clients.set(client_id, read.client);
  }
  return { clients: [...clients.values()], warnings, faulty };
}

function serviceIn(value: unknown): Entry | undefined {
  if (!isRecord(value)) return undefined;
  const services = isRecord(value['services']) ? value['services'] : {};
  const found = SERVICES.map((name) => services[name]).find(isRecord);
  return found ?? value;
}

/** What a warning calls the entry; an id of another kind than text may be anything. */
function nameOf(entry: unknown, index: number): string {
  const id = isRecord(entry) ? entry['client_id'] : undefined;
  return typeof id === 'string' ? `Client ${JSON.stringify(id.slice(0, 100))}` : `staticClients[${index}]`;
}

type ReadEntry = Readonly<{ client?: ParsedClient; warnings: readonly string[] }>;

function readEntry(entry: unknown, rules: ClientRules): ReadEntry {
  if (!isRecord(entry)) return { warnings: ['is left out: it is no group of keys with values.'] };
  const unheeded = Object.keys(entry)
    .filter((key) => !SAME.includes(key) && !OTHER.includes(key))
    .map((key) => `has ${JSON.stringify(key.slice(0, 100))}, which is not read.`);
  const parsed = parseClientMetadata(metadataOf(entry), { ...rules, secretRequired: true });
  if (!('faults' in parsed)) return { client: parsed, warnings: unheeded };
  const faults = parsed.faults.map(({ path, message }) => `${path.join('.')} ${message}`);
  return { warnings: [...unheeded, `is left out: ${faults.join('; ')}.`] };
}

/** The metadata that the entry means: without a secret it is that of a public client. */
function metadataOf(entry: Entry): Entry {
  const given = Object.entries(entry).filter(
    ([key, value]) => SAME.includes(key) && value !== null && value !== '',
  );
  const secret = entry['client_secret'] ?? '';
  const idle = entry[IDLE];
  const audience = textsOf(entry['audience']);
  return {
    ...Object.fromEntries(given),
    ...(secret === ''
      ? { token_endpoint_auth_method: 'none' }
      : { token_endpoint_auth_method: 'client_secret_basic', client_secret: secret }),
    response_types: usableResponseTypes(textsOf(entry['response_types']), textsOf(entry['grant_types'])),
    ...(idle !== undefined && { refresh_token_lifetime: idle }),
    ...(audience.length > 0 && { resources: audience }),
  };
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
