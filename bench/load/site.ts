import { createHash, randomBytes } from 'node:crypto';
import { type Answer, connectionTo } from './connection.ts';
import { FORM, formText, requestText } from './message.ts';

/** The one client and person that every server under load knows. */
export const CLIENT = { client_id: 'bench', client_secret: 'bench-secret-of-some-length' };
export const PERSON = { username: 'alice', password: 'wonderland-and-back' };
export const REDIRECT = 'http://127.0.0.1:9/cb';
export const RESOURCE = 'urn:bench:api';

/** Which resource a server wants named for an access token that is a JWT: by a machine, at sign-in and refresh, and in the code flow. */
export type Resources = Readonly<{ machine?: string; signIn?: string; codeFlow?: string }>;

/** A server under load: where its endpoints are. */
export type Site = Readonly<{
  base: string;
  authorization: URL;
  token: URL;
  introspection: URL;
  userinfo: URL;
  jwks: URL;
  discovery: URL;
  resources: Resources;
}>;

/** Reads the endpoints of a server on this machine from its discovery document. */
export async function siteAt(base: string, resources: Resources): Promise<Site> {
  const discovery = new URL(`${base}/.well-known/openid-configuration`);
  const { body } = requireStatus(await once(base, requestText('GET', discovery)), 200);
  const metadata: unknown = JSON.parse(body);
  const endpoint = (name: string): URL => new URL(textMember(metadata, name));
  return {
    base,
    discovery,
    authorization: endpoint('authorization_endpoint'),
    token: endpoint('token_endpoint'),
    introspection: endpoint('introspection_endpoint'),
    userinfo: endpoint('userinfo_endpoint'),
    jwks: endpoint('jwks_uri'),
    resources,
  };
}

/** One request on a connection of its own. */
export async function once(base: string, text: string): Promise<Answer> {
  const connection = connectionTo(base);
  try {
    return await connection.request(text);
  } finally {
    connection.close();
  }
}

/** A form posted as a client, by Basic; all clients of the bench have the same secret. */
export function posted(
  url: URL,
  client_id: string,
  members: Readonly<Record<string, string | undefined>>,
): string {
  const authorization = `Basic ${Buffer.from(`${client_id}:${CLIENT.client_secret}`).toString('base64')}`;
  return requestText('POST', url, { ...FORM, authorization }, formText(members));
}

/** An authorization request with PKCE, and its verifier. */
export function authorizationRequest(
  site: Site,
  {
    client_id,
    resource,
    prompt,
  }: Readonly<{ client_id: string; resource?: string | undefined; prompt?: string }>,
): { url: URL; verifier: string } {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(site.authorization);
  url.search = formText({
    client_id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid offline_access',
    state: randomBytes(8).toString('base64url'),
    nonce: randomBytes(8).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    resource,
    prompt,
  });
  return { url, verifier };
}

/** The exchange of a code. */
export const exchange = (
  site: Site,
  client_id: string,
  sent: Readonly<{ code: string; code_verifier: string; resource: string | undefined }>,
): string =>
  posted(site.token, client_id, { grant_type: 'authorization_code', redirect_uri: REDIRECT, ...sent });

/** The answer if it has that status; else an error that shows it. */
export function requireStatus(answer: Answer, ...wanted: readonly number[]): Answer {
  if (wanted.includes(answer.status)) return answer;
  throw new Error(
    `HTTP ${answer.status} in the place of ${wanted.join(' or ')}: ${answer.body.slice(0, 300)}`,
  );
}

/** A text member of a JSON answer, found without parsing the rest; throws when it is not there. */
export function memberOf(body: string, name: 'access_token' | 'refresh_token' | 'id_token'): string {
  const start = body.indexOf(`"${name}"`);
  const found = start < 0 ? undefined : /^"\w+":\s*"([^"]+)"/.exec(body.slice(start))?.[1];
  if (found === undefined) throw new Error(`The answer has no ${name}: ${body.slice(0, 300)}`);
  return found;
}

function textMember(value: unknown, name: string): string {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof member === 'string') return member;
  throw new Error(`The discovery document has no ${name}.`);
}
