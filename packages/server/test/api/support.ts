import assert from 'node:assert/strict';
import { ADMIN_SCOPES } from '../../src/model/admin-api.ts';
import { type Answered, answerOf, basic, personAt, pkce, post } from '../support/person.ts';
import {
  ALICE,
  BOB,
  type Ending,
  type Signet,
  startSignet,
  type TestConfig,
  USERS,
  WEB_APP,
} from '../support/signet.ts';

export const ROOT = { username: 'root', password: 'the-root-of-all' };
export const SUE = { username: 'sue', password: 'support-is-sue' };
export const OTTO = { username: 'otto', password: 'auditor-is-otto' };

/** Alice and Bob are users, Root is an administrator, Sue supports, Otto audits. */
export const PEOPLE = [
  ...USERS,
  { ...ROOT, role: 'admin', claims: { name: 'Root' } },
  { ...SUE, role: 'support' },
  { ...OTTO, role: 'auditor' },
];

/** A service that may do everything, and one that may only read clients. */
export const SERVICES = [
  {
    client_id: 'robot',
    client_secret: 'a-secret-of-the-robot',
    grant_types: ['client_credentials'],
    scope: ADMIN_SCOPES.join(' '),
  },
  {
    client_id: 'reader',
    client_secret: 'a-secret-of-the-reader',
    grant_types: ['client_credentials'],
    scope: 'signet:clients:read',
  },
];

export const startWithApi = (t: Ending, config: TestConfig = {}): Promise<Signet> =>
  startSignet(t, { users: PEOPLE, clients: [WEB_APP, ...SERVICES], ...config });

const EVERYTHING = ['openid', 'offline_access', ...ADMIN_SCOPES].join(' ');

/** What a person gets who signs in to the console. */
export async function consoleTokens(
  signet: Signet,
  account = ROOT,
  scope = EVERYTHING,
): Promise<Record<string, string>> {
  const redirect_uri = signet.url('/console/callback');
  const person = personAt({ ...signet, isClients: (location) => location.startsWith(redirect_uri) });
  const { code_verifier, challenge } = pkce();
  const seen = await person.grant(
    {
      client_id: 'signet-console',
      redirect_uri,
      response_type: 'code',
      scope,
      state: 'state-of-the-console',
      ...challenge,
    },
    account,
  );
  const { code = assert.fail(`no code: ${seen.location ?? seen.text}`) } = answerOf(seen);
  const { body } = await post(signet.url('/token'), {
    grant_type: 'authorization_code',
    client_id: 'signet-console',
    code,
    redirect_uri,
    code_verifier,
  });
  return body as Record<string, string>;
}

/** What a service gets for itself. */
export async function serviceToken(
  signet: Pick<Signet, 'issuer' | 'url'>,
  client_id: string,
  scope?: string,
): Promise<string> {
  const { client_secret = '' } = SERVICES.find((one) => one.client_id === client_id) ?? {};
  const { body } = await post(
    signet.url('/token'),
    { grant_type: 'client_credentials', ...(scope !== undefined && { scope }) },
    basic(client_id, client_secret),
  );
  const { access_token } = body;
  return typeof access_token === 'string' ? access_token : assert.fail(JSON.stringify(body));
}

type Sent = Readonly<{ body?: unknown; headers?: Readonly<Record<string, string>> }>;

/** Sends requests to the interface with one token. */
export type Caller = (line: string, sent?: Sent) => Promise<Answered>;

export const callerWith =
  (signet: Pick<Signet, 'url'>, token: string | undefined): Caller =>
  async (line, { body, headers } = {}) => {
    const [method = '', path = ''] = line.split(' ');
    const response = await fetch(signet.url(`/api/v1${path}`), {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && {
          'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
        }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      headers: response.headers,
    };
  };

/** A person at the console, an administrator when nobody is named. */
export const signedIn = async (signet: Signet, account = ROOT): Promise<Caller> =>
  callerWith(signet, (await consoleTokens(signet, account))['access_token']);

export const service = async (signet: Signet, client_id: string, scope?: string): Promise<Caller> =>
  callerWith(signet, await serviceToken(signet, client_id, scope));

/** The items of a list. */
export const itemsOf = ({ body }: Answered): readonly Readonly<Record<string, unknown>>[] =>
  (body['items'] ?? assert.fail(JSON.stringify(body))) as readonly Readonly<Record<string, unknown>>[];

export { ALICE, BOB };
