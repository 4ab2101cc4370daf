import type { SignedIn } from './browser.ts';
import type { Connection } from './connection.ts';
import { headerOf, requestText } from './message.ts';
import { authorizationRequest, exchange, memberOf, posted, requireStatus, type Site } from './site.ts';

/** A connection with the client and the sign-in that it works for; the refresh token moves on with each use. */
export type Lane = {
  readonly connection: Connection;
  readonly client_id: string;
  readonly person: Pick<SignedIn, 'cookie' | 'access_token'>;
  /** An access token that the client has for itself. */
  readonly machine_token: string;
  refresh_token: string;
};

/** Does the operation once and checks the answer; false when there is nothing left to do it with. */
export type Step = (lane: Lane) => Promise<boolean>;

export const OPERATIONS = [
  'discovery',
  'jwks',
  'client_credentials',
  'refresh',
  'authorize',
  'code',
  'introspect-once',
  'introspect-hot',
  'userinfo-once',
  'userinfo-hot',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** The step of an operation. `fresh` are tokens never shown to the server before; only the `-once` operations use them, each once. */
export function stepOf(name: OperationName, site: Site, fresh: string[] = []): Step {
  switch (name) {
    case 'discovery':
      return fixed(requestText('GET', site.discovery), '"issuer"');
    case 'jwks':
      return fixed(requestText('GET', site.jwks), '"keys"');
    case 'client_credentials':
      return async (lane) => (await machineToken(lane, site, site.resources.machine)) !== '';
    case 'refresh':
      return async (lane) => (await refreshed(lane, site)) !== '';
    case 'authorize':
      return async (lane) => (await codeFor(lane, site)).code !== '';
    case 'code':
      return (lane) => codeFlow(lane, site);
    case 'introspect-once':
      return withFresh(fresh, (lane, token) => introspect(lane, site, token));
    case 'introspect-hot':
      return (lane) => introspect(lane, site, lane.machine_token);
    case 'userinfo-once':
      return withFresh(fresh, (lane, token) => userinfo(lane, site, token));
    case 'userinfo-hot':
      return (lane) => userinfo(lane, site, lane.person.access_token);
  }
}

/** A new access token of the kind that the operation shows, for its pool of tokens never seen. */
export const mint = (name: 'introspect-once' | 'userinfo-once', lane: Lane, site: Site): Promise<string> =>
  name === 'userinfo-once' ? refreshed(lane, site) : machineToken(lane, site);

/** An access token that a client has for itself; without a resource introspection knows it at every server. */
export async function machineToken(
  { connection, client_id }: Pick<Lane, 'connection' | 'client_id'>,
  site: Site,
  resource?: string,
): Promise<string> {
  const text = posted(site.token, client_id, { grant_type: 'client_credentials', scope: 'api', resource });
  const { body } = requireStatus(await connection.request(text), 200);
  return memberOf(body, 'access_token');
}

const fixed =
  (text: string, expected: string): Step =>
  async ({ connection }) => {
    const { body } = requireStatus(await connection.request(text), 200);
    if (!body.includes(expected)) throw new Error(`The answer has no ${expected}: ${body.slice(0, 300)}`);
    return true;
  };

/** Rotates the lane's refresh token; the access token that comes with it. */
async function refreshed(lane: Lane, site: Site): Promise<string> {
  const { connection, client_id, refresh_token } = lane;
  const resource = site.resources.signIn;
  const text = posted(site.token, client_id, { grant_type: 'refresh_token', refresh_token, resource });
  const { body } = requireStatus(await connection.request(text), 200);
  const next = memberOf(body, 'refresh_token');
  if (next === refresh_token) throw new Error('The refresh token was not rotated.');
  memberOf(body, 'id_token');
  lane.refresh_token = next;
  return memberOf(body, 'access_token');
}

async function codeFor(
  { connection, client_id, person }: Lane,
  site: Site,
  resource?: string,
): Promise<{ code: string; code_verifier: string }> {
  const { url, verifier } = authorizationRequest(site, { client_id, resource });
  const text = requestText('GET', url, { cookie: person.cookie });
  const answer = requireStatus(await connection.request(text), 302, 303);
  const location = headerOf(answer.head, 'location') ?? '';
  const code = /[?&]code=([^&]+)/.exec(location)?.[1];
  if (code === undefined) throw new Error(`The authorization was answered without a code: ${location}`);
  return { code: decodeURIComponent(code), code_verifier: verifier };
}

async function codeFlow(lane: Lane, site: Site): Promise<boolean> {
  const resource = site.resources.codeFlow;
  const text = exchange(site, lane.client_id, { ...(await codeFor(lane, site, resource)), resource });
  const { body } = requireStatus(await lane.connection.request(text), 200);
  memberOf(body, 'access_token');
  memberOf(body, 'id_token');
  memberOf(body, 'refresh_token');
  return true;
}

async function introspect({ connection, client_id }: Lane, site: Site, token: string): Promise<boolean> {
  const text = posted(site.introspection, client_id, { token });
  const { body } = requireStatus(await connection.request(text), 200);
  if (!/"active":\s*true/.test(body)) throw new Error(`The token is not active: ${body.slice(0, 300)}`);
  return true;
}

async function userinfo({ connection }: Lane, site: Site, token: string): Promise<boolean> {
  const text = requestText('GET', site.userinfo, { authorization: `Bearer ${token}` });
  const { body } = requireStatus(await connection.request(text), 200);
  if (!body.includes('"sub"')) throw new Error(`The answer has no sub: ${body.slice(0, 300)}`);
  return true;
}

function withFresh(fresh: string[], use: (lane: Lane, token: string) => Promise<boolean>): Step {
  return async (lane) => {
    const token = fresh.pop();
    return token === undefined ? false : use(lane, token);
  };
}
