import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Surroundings } from '../../../src/app.ts';
import {
  type Answered,
  answerOf,
  type Parameters,
  type Person,
  personAt,
  post,
  type Seen,
} from '../../support/person.ts';
import { ALICE, BOB, type Ending, type Signet, startSignet, type TestConfig } from '../../support/signet.ts';

/** Signet in the place of a Cells server; `site` is the address that its programs are given. */
export type Cells = Signet & Readonly<{ site: string }>;

export const ADMIN = { username: 'admin', password: 'master-of-the-house' };

const USERS = [
  { ...ADMIN, role: 'admin', claims: { name: 'Ada Administrator', email: 'ada@example.com' } },
  { ...ALICE, claims: { name: 'Alice Example', email: 'alice@example.com', email_verified: true } },
  { ...BOB, claims: { name: 'Bob Builder' } },
];

/** What every program of Cells asks for. */
export const SCOPE = 'openid email profile pydio offline';
export const SYNC_CALLBACK = 'http://localhost:3636/servers/callback';
export const CLI_CALLBACK = 'http://localhost:3000/servers/callback';

/** A confidential client as an administrator registers one. */
export const CURL_SECRET = 'password';
export const CURL = {
  client_id: 'cells-curl',
  client_name: 'Documented curl client',
  client_secret: CURL_SECRET,
  redirect_uris: ['#binds...#/oauth2/oob', 'http://localhost:9000/cb'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: SCOPE,
  consent: 'skip',
};

/** Starts Signet with the profile; clients of the test stand beside the default ones. */
export async function startCells(
  t: Ending,
  config: TestConfig = {},
  over: Partial<Surroundings> = {},
): Promise<Cells> {
  const signet = await startSignet(
    t,
    { issuer_path: '/oidc', profile: 'cells', clients: [CURL], users: USERS, ...config },
    over,
  );
  const site = signet.issuer.slice(0, -'/oidc'.length);
  return { ...signet, site, url: (path) => site + path };
}

export const AUTH = '/oidc/oauth2/auth';
export const TOKEN = '/oidc/oauth2/token';

/** The request of cells-client's browser mode, which has neither nonce nor PKCE. */
export const asked = (over: Parameters = {}): Record<string, string> => ({
  client_id: 'cells-client',
  redirect_uri: CLI_CALLBACK,
  response_type: 'code',
  scope: SCOPE,
  state: 'sixteen-letters-',
  ...over,
});

/** A person whose browser stops at every redirect, since some clients are at the very site. */
export const visitorOf = ({ url }: Cells): Person => personAt({ issuer: 'urn:nowhere', url });

/** Opens an authorization request and goes on through the provider's own pages as far as no person is needed. */
export async function open(cells: Cells, person: Person, parameters: Parameters): Promise<Seen> {
  return onwards(cells, person, await person.visit(authorizeUrl(cells, parameters)));
}

export const authorizeUrl = ({ site }: Cells, parameters: Parameters): string =>
  `${site}${AUTH}?${new URLSearchParams(parameters).toString()}`;

/** Follows redirects between the pages of the provider, and no further. */
async function onwards(cells: Cells, person: Person, seen: Seen): Promise<Seen> {
  const isOwnPage = /^\/(oidc\/|oauth2\/(login|consent|select-account)\?)/;
  const path = seen.location?.startsWith(`${cells.site}/`) ? seen.location.slice(cells.site.length) : '';
  return isOwnPage.test(path) ? onwards(cells, person, await person.visit(cells.site + path)) : seen;
}

/** The whole way to the redirect to the client. */
export async function grant(
  cells: Cells,
  parameters: Parameters = asked(),
  { person = visitorOf(cells), account = ALICE } = {},
): Promise<Seen> {
  const page = await open(cells, person, parameters);
  if (page.location !== undefined || page.status !== 200) return page;
  return onwards(cells, person, await person.submit(page, account));
}

/** The code of the answer. */
export const codeFor = async (
  cells: Cells,
  parameters: Parameters = asked(),
  ways: { person?: Person; account?: typeof ALICE } = {},
): Promise<string> => answerOf(await grant(cells, parameters, ways))['code'] ?? '';

/** Exchanges a code as cells-client does: no secret, no verifier. */
export const exchange = (cells: Cells, code: string, over: Parameters = {}): Promise<Answered> =>
  post(cells.url(TOKEN), {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CLI_CALLBACK,
    client_id: 'cells-client',
    ...over,
  });

export const refresh = (cells: Cells, refresh_token: string, over: Parameters = {}): Promise<Answered> =>
  post(cells.url(TOKEN), {
    grant_type: 'refresh_token',
    client_id: 'cells-client',
    refresh_token,
    scope: SCOPE,
    ...over,
  });

/** Signs alice in at cells-client and returns the tokens. */
export async function tokensFor(
  cells: Cells,
  parameters: Parameters = asked(),
  ways: { person?: Person; account?: typeof ALICE } = {},
): Promise<Record<string, string>> {
  const { body } = await exchange(cells, await codeFor(cells, parameters, ways));
  return body as Record<string, string>;
}

export const bearer = (token: string | undefined): { authorization: string } => ({
  authorization: `Bearer ${token ?? ''}`,
});

export type Told = Readonly<{
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}>;

/** A request of a program with a JSON body or none; what is no JSON has an empty body. */
export async function call(
  cells: Pick<Cells, 'site'>,
  [method, path]: readonly [method: string, path: string],
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Told> {
  const response = await fetch(cells.site + path, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answered = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && answered !== '' ? (JSON.parse(answered) ?? {}) : {},
    text: answered,
  };
}

/** The status of userinfo with that token: whether it is alive. */
export const userinfo = (cells: Cells, token: string | undefined): Promise<Told> =>
  call(cells, ['GET', '/oidc/userinfo'], undefined, bearer(token));

/** A GET with a Host of its own, as it comes through a proxy that passes it on. */
export async function getAt(
  cells: Cells,
  host: string,
  path: string,
): Promise<{ status: number; location: string; text: string }> {
  const { port } = new URL(cells.site);
  const sent = httpRequest({ host: '127.0.0.1', port, path, headers: { host } });
  const response = await new Promise<import('node:http').IncomingMessage>((done, failed) => {
    sent.on('response', done).on('error', failed).end();
  });
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location ?? '',
    text: await text(response),
  };
}
