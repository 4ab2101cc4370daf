import type { Provider } from '../keys/provider.ts';
import { type Client, type ClientMetadata, isPublicClient } from '../model/client.ts';
import type { Tenant } from '../model/tenant.ts';
import { advice, type Finding, faulty, well } from './doctor.ts';

/** A manner of clients that is allowed and weak, where the best current practice says so, and what to do about it. */
type Weakness = Readonly<{
  state: 'advice' | 'fault';
  has: (client: ClientMetadata, tenant: Tenant) => boolean;
  /** Said of the clients that are named behind it. */
  says: string;
  remedy: string;
}>;

const DAY = 86_400;

/** Seconds of an access token, beyond which a stolen one is good for too long. */
const LONG_ACCESS = DAY;
/** The same of a refresh token that is never exchanged for another one. */
const LONG_REFRESH = 400 * DAY;

const hasGrant = ({ grant_types }: ClientMetadata, type: string): boolean =>
  grant_types.some((one) => one === type);

const signsPeopleIn = (client: ClientMetadata): boolean => client.response_types.length > 0;

const needsPkce = (client: ClientMetadata, { profile }: Tenant): boolean =>
  client.require_pkce ?? profile.require_pkce;

const WEAKNESSES: readonly Weakness[] = [
  {
    state: 'fault',
    has: (client, tenant) => isPublicClient(client) && signsPeopleIn(client) && !needsPkce(client, tenant),
    says: 'public and without PKCE, so that a stolen code is enough to become its user (RFC 9700 §2.1.1)',
    remedy: 'Set require_pkce: true.',
  },
  {
    state: 'advice',
    has: (client, tenant) => !isPublicClient(client) && hasCode(client) && !needsPkce(client, tenant),
    says: 'without PKCE, which keeps a stolen code from being injected (RFC 9700 §2.1.1, OAuth 2.1 §7.5.1)',
    remedy: 'Have the application send code_challenge, then set require_pkce: true.',
  },
  {
    state: 'advice',
    has: (client) => client.response_types.some((type) => type.split(' ').includes('token')),
    says: 'allowed to get access tokens in a redirect (implicit), where history and logs keep them (RFC 9700 §2.1.2)',
    remedy: 'Use the response type code with PKCE, and take the others from response_types and grant_types.',
  },
  {
    state: 'advice',
    has: (client) => hasGrant(client, 'password'),
    says: 'allowed to ask people for their password itself (RFC 9700 §2.4; OAuth 2.1 has no such grant)',
    remedy: 'Sign in with authorization_code, and take password from grant_types.',
  },
  {
    state: 'fault',
    has: ({ redirect_uris }) => redirect_uris.some(isPlainHttp),
    says: 'with a redirect over plain http to another machine, where the code can be read (RFC 9700 §2.6)',
    remedy: 'Serve the application over https, and register that address.',
  },
  {
    state: 'advice',
    has: (client, { profile }) =>
      isPublicClient(client) &&
      hasGrant(client, 'refresh_token') &&
      (client.refresh_token_rotation ?? profile.refresh_token_rotation) === 'none',
    says: 'public with refresh tokens that are never exchanged, so that a stolen one goes unnoticed (RFC 9700 §2.2.2)',
    remedy: 'Set refresh_token_rotation: rotate.',
  },
  {
    state: 'advice',
    has: (client) => (client.access_token_lifetime ?? 0) > LONG_ACCESS,
    says: 'with access tokens that are good for longer than a day',
    remedy: 'Shorten access_token_lifetime; refresh tokens carry the sign-in on.',
  },
  {
    state: 'advice',
    has: (client) => (client.refresh_token_lifetime ?? 0) > LONG_REFRESH,
    says: 'with refresh tokens that are good for longer than a year without use (RFC 9700 §4.14.2)',
    remedy: 'Shorten refresh_token_lifetime.',
  },
  {
    state: 'advice',
    has: (client) => client.may_administer === true && isPublicClient(client),
    says: 'public and allowed to administer this provider',
    remedy: 'Give it a key or a secret, or take may_administer away.',
  },
];

const hasCode = ({ response_types }: ClientMetadata): boolean =>
  response_types.some((type) => type.split(' ').includes('code'));

function isPlainHttp(uri: string): boolean {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  return url?.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

/** What is weak in the clients that are registered, one finding for each weakness. */
export async function clientFindings(
  { store, tenant }: Provider,
  someOf: (names: readonly string[]) => string,
): Promise<readonly Finding[]> {
  const clients = (await store.listClients(tenant.id)).filter(({ metadata }) => metadata.disabled !== true);
  const found = WEAKNESSES.flatMap((weakness) => {
    const weak = clients.filter(({ metadata }) => weakness.has(metadata, tenant)).map(idOf);
    if (weak.length === 0) return [];
    const say = weakness.state === 'fault' ? faulty : advice;
    const who = weak.length === 1 ? 'A client is' : `${weak.length} clients are`;
    return [say('clients', `${who} ${weakness.says}: ${someOf(weak)}.`, weakness.remedy)];
  });
  const count = clients.length === 1 ? 'The client keeps' : `All ${clients.length} clients keep`;
  return found.length > 0 || clients.length === 0
    ? found
    : [well('clients', `${count} to the best current practice (RFC 9700).`)];
}

const idOf = ({ metadata }: Client): string => metadata.client_id;
