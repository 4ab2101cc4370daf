import {
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { RESPONSE_TYPES } from '../../../src/model/client.ts';
import {
  type Answered,
  answerOf,
  basic,
  type Parameters,
  type Person,
  personAt,
  post,
} from '../../support/person.ts';
import { ALICE, BOB, type Ending, type Signet, startSignet, type TestConfig } from '../../support/signet.ts';

export const CALLBACK = 'http://localhost:8080/callback';
export const ORGANIZATION = '3f2b7c1e-6a52-4c0e-9a57-3c1f1d9a0b11';
/** With signs that have to be encoded on the way. */
export const APP_SECRET = 'a+secret/with=signs&of:its own';

/** An application that may do everything that its tenant has. */
export const APP = {
  client_id: '0123456789abcdef0123456789abcdef',
  client_secret: APP_SECRET,
  client_name: 'Sample App',
  organization_id: ORGANIZATION,
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: ['http://localhost:8080/goodbye'],
  grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
  response_types: [...RESPONSE_TYPES],
};

/** A service that acts for itself alone. */
export const SERVICE = {
  client_id: 'fedcba9876543210fedcba9876543210',
  client_secret: 'the-secret-of-the-service',
  client_name: 'Nightly Job',
  organization_id: ORGANIZATION,
  grant_types: ['client_credentials'],
};

export const ROOT = { username: 'root', password: 'the keys of the house' };

export const PEOPLE = [
  {
    ...ALICE,
    claims: {
      name: 'Alice Example',
      nickname: 'Al',
      email: 'alice@example.com',
      email_verified: true,
      picture: 'https://example.com/alice.png',
      organization_id: ORGANIZATION,
    },
  },
  { ...BOB, claims: { name: 'Bob Builder' } },
  { ...ROOT, role: 'admin', claims: { name: 'Root' } },
];

export const startUserClouds = (t: Ending, config: TestConfig = {}): Promise<Signet> =>
  startSignet(t, { profile: 'userclouds', clients: [APP, SERVICE], users: PEOPLE, ...config });

export const authorization = (over: Parameters = {}): Record<string, string> => ({
  client_id: APP.client_id,
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: 'openid profile email',
  state: 'state-of-the-app',
  ...over,
});

export const TOKEN_PATH = '/oidc/token';
export const OF_APP = { client_id: APP.client_id, client_secret: APP_SECRET };

export const token = (
  signet: Signet,
  form: Parameters | string,
  headers: Record<string, string> = {},
): Promise<Answered> => post(signet.url(TOKEN_PATH), form, headers);

/** Exchanges a code with id and secret in the body. */
export const exchangeCode = (signet: Signet, code: string, over: Parameters = {}): Promise<Answered> =>
  token(signet, { grant_type: 'authorization_code', ...OF_APP, code, redirect_uri: CALLBACK, ...over });

/** The code that somebody's sign-in gives. */
export async function codeFor(
  signet: Signet,
  over: Parameters = {},
  account = ALICE,
  person: Person = personAt(signet),
): Promise<string> {
  return answerOf(await person.grant(authorization(over), account))['code'] ?? '';
}

/** Signs somebody in at the sample application and returns the tokens. */
export async function tokensOf(
  signet: Signet,
  account = ALICE,
  over: Parameters = {},
): Promise<Record<string, string>> {
  return (await exchangeCode(signet, await codeFor(signet, over, account))).body as Record<string, string>;
}

/** A token of the service for itself. */
export async function serviceToken(signet: Signet, form = ''): Promise<string> {
  const { body } = await token(
    signet,
    `grant_type=client_credentials${form}`,
    basic(SERVICE.client_id, SERVICE.client_secret),
  );
  return String(body['access_token']);
}

/** A token checked with jose against the published keys. */
export async function verified(
  signet: Signet,
  jwt: unknown,
  options: JWTVerifyOptions = {},
): Promise<JWTVerifyResult> {
  const response = await fetch(signet.url('/.well-known/jwks.json'));
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
  const currentDate = new Date(signet.clock.now());
  return jwtVerify(String(jwt), keys, { issuer: signet.issuer, currentDate, ...options });
}

export const bearer = (access_token: string): { authorization: string } => ({
  authorization: `Bearer ${access_token}`,
});

/** Calls an interface that speaks JSON. */
export async function call(
  signet: Signet,
  path: string,
  {
    method = 'GET',
    token: access_token,
    json,
    headers = {},
    body,
  }: {
    method?: string;
    token?: string;
    json?: unknown;
    body?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answered> {
  const sent = body ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await fetch(signet.url(path), {
    method,
    redirect: 'manual',
    headers: {
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...(access_token !== undefined && bearer(access_token)),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return {
    status: response.status,
    body: isJson && text !== '' ? JSON.parse(text) : { text },
    headers: response.headers,
  };
}
