import { isRecord } from '../admin/fault.ts';
import type { Members } from './remote.ts';
import type { TableRow } from './table.ts';

/** How the entries of a list are shown. */
export type ApiListing = Readonly<{
  /** The member by which other commands name an entry. */
  id: string;
  columns: readonly string[];
  /** What is shown beside the members themselves. */
  more?: (entry: Members) => Members;
  /** Entries that are left out unless they are asked for. */
  isHidden?: (entry: Members) => boolean;
}>;

const claimsOf = ({ claims }: Members): Members => (isRecord(claims) ? claims : {});

function stateOf({ disabled, locked }: Members): string {
  if (disabled === true) return 'disabled';
  return locked === true ? 'locked' : 'active';
}

const SESSIONS = ['id', 'username', 'signed_in_at', 'last_seen_at', 'expires_at', 'user_agent'];
const GRANTS = ['id', 'username', 'client_id', 'scope', 'used_at', 'expires_at'];
const CONSENTS = ['username', 'client_id', 'scope', 'granted_at'];
const VERSIONS = ['version', 'at', 'actor', 'changed'];
const USERS: ApiListing = {
  id: 'username',
  columns: ['username', 'name', 'email', 'role', 'state', 'created_at'],
  more: (user) => ({ name: claimsOf(user)['name'], email: claimsOf(user)['email'], state: stateOf(user) }),
};

/** By `noun verb`, where the first members of an entry are not the best columns. */
const LISTINGS: Readonly<Record<string, ApiListing>> = {
  'client list': {
    id: 'client_id',
    columns: ['client_id', 'name', 'grant_types', 'authentication', 'state', 'source'],
    more: (client) => ({
      name: client['client_name'],
      authentication: client['token_endpoint_auth_method'],
      state: stateOf(client),
    }),
    isHidden: ({ source }) => source === 'built-in',
  },
  'user list': USERS,
  'group members': USERS,
  'session list': { id: 'id', columns: SESSIONS },
  'user sessions': { id: 'id', columns: SESSIONS },
  'grant list': { id: 'id', columns: GRANTS },
  'user grants': { id: 'id', columns: GRANTS },
  'consent list': { id: 'username', columns: CONSENTS },
  'user consents': { id: 'client_id', columns: CONSENTS },
  'refusal list': { id: 'reference', columns: ['reference', 'at', 'rule', 'client_id', 'endpoint', 'says'] },
  'audit list': {
    id: 'id',
    columns: ['at', 'action', 'actor', 'subject', 'client_id', 'network', 'facts'],
  },
  'statistics show': {
    id: 'at',
    columns: ['at', 'sign_ins', 'sign_in_failures', 'refusals', 'access_token', 'id_token', 'refresh_token'],
    more: ({ counts }) => (isRecord(counts) ? counts : {}),
  },
};

/** Lists that grow without end are not told whole unless that is asked for. */
const ENDLESS = ['audit', 'refusal', 'session', 'grant', 'consent'];
export const usualLimit = (noun: string): number | undefined => (ENDLESS.includes(noun) ? 200 : undefined);

const MOST_COLUMNS = 7;

/** The columns of a list; where none are named, the first members of the entries that are no groups. */
export function listingOf(noun: string, verb: string, members: Members): ApiListing {
  const known = LISTINGS[`${noun} ${verb}`];
  if (known !== undefined) return known;
  if (verb === 'versions') return { id: 'version', columns: VERSIONS };
  const plain = Object.entries(members).filter(([, schema]) => isRecord(schema) && !isGroup(schema));
  const columns = plain.slice(0, MOST_COLUMNS).map(([name]) => name);
  return { id: columns[0] ?? '', columns };
}

const isGroup = (schema: Members): boolean => schema['type'] === 'object' || schema['$ref'] !== undefined;

export const rowOf =
  ({ columns, more }: ApiListing) =>
  (entry: Members): TableRow => {
    const all: Members = { ...entry, ...more?.(entry) };
    return Object.fromEntries(columns.map((name) => [name, cell(all[name])]));
  };

function cell(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const isPlainList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return isPlainList ? value.join(', ') : JSON.stringify(value);
}
