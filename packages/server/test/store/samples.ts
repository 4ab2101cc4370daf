import type { TestContext } from 'node:test';
import type { Authorization } from '../../src/model/authorization.ts';
import type { ClientMetadata } from '../../src/model/client.ts';
import type { Consent } from '../../src/model/consent.ts';
import { sha256 } from '../../src/model/secret.ts';
import type { NewGrant, NewSession } from '../../src/store/access-verbs.ts';
import type { ClientSecret } from '../../src/store/client-records.ts';
import type { NewOneTimeSecret, NewPersonalToken } from '../../src/store/guard-verbs.ts';
import type { NewInitialAccessToken, NewRegistration } from '../../src/store/registration-verbs.ts';
import type { NewAuditEvent, NewUser, Store, StoredKey } from '../../src/store/store.ts';

type NewGroup = Omit<Parameters<Store['createGroup']>[1], 'event'>;

/** Gives an empty store, which ends with the test. */
export type OpenStore = (t: TestContext) => Promise<Store>;

/** The time at which everything here happens, in milliseconds. */
export const NOW = 1_800_000_000_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export const bytes = (text: string): Buffer => sha256(text);

/** Names and claims that break what is put together from text. */
export const HOSTILE = `Robert'); DROP TABLE users;-- "é" \u{1f510} %_?$1`;

export const metadata = (client_id: string, over: Partial<ClientMetadata> = {}): ClientMetadata => ({
  client_id,
  application_type: 'web',
  redirect_uris: ['https://rp.example/cb'],
  post_logout_redirect_uris: [],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  subject_type: 'public',
  consent: 'remember',
  ...over,
});

export const SECRET: ClientSecret = { digest: bytes('secret'), sealed: null };

export const newUser = (username: string, over: Partial<NewUser> = {}): NewUser => ({
  sub: `sub-of-${username}`,
  username,
  password_hash: '$argon2id$first',
  claims: { name: username },
  role: 'user',
  source: 'manual',
  ...over,
});

export const newSession = (user_id: number, over: Partial<NewSession> = {}): NewSession => ({
  user_id,
  secret_hash: bytes('cookie'),
  sid: 'sid',
  impersonator: null,
  auth_time: NOW,
  amr: ['pwd'],
  acr: 'urn:acr',
  user_agent: 'Browser/1.0',
  created_at: NOW,
  last_seen_at: NOW,
  expires_at: NOW + DAY,
  ...over,
});

export const newToken = (user_id: number, over: Partial<NewPersonalToken> = {}): NewPersonalToken => ({
  uuid: 'uuid',
  user_id,
  kind: 'kind',
  label: HOSTILE,
  secret_hash: bytes('token'),
  scopes: ['node:1:rw'],
  expires_at: NOW + DAY,
  renewed_by: 0,
  created_at: NOW,
  created_by: 'somebody',
  used_at: 0,
  ...over,
});

export const newSecret = (user_id: number, over: Partial<NewOneTimeSecret> = {}): NewOneTimeSecret => ({
  user_id,
  purpose: 'password_reset',
  secret_hash: bytes('reset'),
  created_at: NOW,
  expires_at: NOW + MINUTE,
  ...over,
});

export const newInitialToken = (over: Partial<NewInitialAccessToken> = {}): NewInitialAccessToken => ({
  uuid: 'initial',
  secret_hash: bytes('initial'),
  description: HOSTILE,
  uses: 1,
  created_at: NOW,
  created_by: 'somebody',
  expires_at: NOW + DAY,
  ...over,
});

/** An application that registers itself. */
export const newRegistration = (client_id: string, over: Partial<NewRegistration> = {}): NewRegistration => ({
  client: { metadata: metadata(client_id), secret: SECRET, source: 'registration' },
  token_hash: bytes(`token of ${client_id}`),
  software_statement: null,
  expires_at: null,
  ...over,
});

export const newEvent = (action: string, over: Partial<NewAuditEvent> = {}): NewAuditEvent => ({
  at: NOW,
  action,
  actor: 'alice',
  subject: 'bob',
  client_id: null,
  network: null,
  request_id: null,
  facts: {},
  ...over,
});

export const newGroup = (name: string, over: Partial<NewGroup> = {}): NewGroup => ({
  name,
  display_name: null,
  description: null,
  source: 'manual',
  ...over,
});

/** People as the third shape of the tables had them. */
export const BEFORE_ADDRESSES: readonly string[] = Object.entries({
  alice: { email: 'Alice@Example.com' },
  bob: {},
  carol: { email: 7 },
}).map(
  ([username, claims]) =>
    `INSERT INTO users (tenant_id, sub, username, claims, role, source, created_at, updated_at)
     VALUES (1, '${username}', '${username}', '${JSON.stringify(claims)}', 'user', 'manual', 1, 1)`,
);

export const AUTHORIZATION: Authorization = {
  scope: ['openid', 'offline_access'],
  resources: ['https://api.example'],
  claims: { id_token: { acr: { essential: true } } },
  redirect_uri: 'https://rp.example/cb',
  nonce: 'nonce',
  auth_time: NOW,
  acr: 'urn:acr',
  amr: ['pwd'],
  sid: 'sid',
};

export const consentTo = (client_row: number, user_id: number): Consent => ({
  user_id,
  client_row,
  scope: ['openid'],
  resources: [],
  claims: [],
  granted_at: NOW,
});

export const newKey = (kid: string, over: Partial<StoredKey> = {}): StoredKey => ({
  kid,
  alg: 'ES256',
  public_jwk: { kty: 'EC', kid },
  private_sealed: bytes(kid),
  created_at: NOW,
  active_from: NOW,
  retire_at: null,
  ...over,
});

/** A tenant with a client, a person at a browser, and what is needed to give grants. */
export type Household = Readonly<{
  tenant: number;
  client: number;
  user: number;
  session: number;
  grant: (over?: Partial<NewGrant>) => Promise<number>;
}>;

export async function household(
  store: Store,
  name = 'default',
  client_id = 'app',
  username = 'alice',
): Promise<Household> {
  const issuer = `https://${name}.example`;
  const { id: tenant } = await store.saveTenant({ name, issuer, secret_sealed: bytes(name) }, NOW);
  await store.createClient(tenant, { metadata: metadata(client_id), secret: SECRET, source: 'file' }, NOW);
  await store.createUser(tenant, newUser(username), NOW);
  const client = (await store.findClient(tenant, client_id))?.row ?? 0;
  const user = (await store.findUserByName(tenant, username))?.id ?? 0;
  const session = await store.startSession(tenant, newSession(user));
  return {
    tenant,
    client,
    user,
    session,
    grant: (over = {}) =>
      store.saveGrant(tenant, {
        client_row: client,
        user_id: user,
        session_id: session,
        authorization: AUTHORIZATION,
        code: { hash: bytes('code'), expires_at: NOW + MINUTE },
        created_at: NOW,
        expires_at: NOW + DAY,
        ...over,
      }),
  };
}

export const REDEMPTION = {
  refresh: { salt: bytes('salt'), expires_at: NOW + DAY },
  grant_expires_at: NOW + DAY,
};

/** A redeemed grant with a refresh token, such as outlives its session. */
export async function offlineGrant(store: Store, { tenant, grant }: Household): Promise<number> {
  const id = await grant();
  await store.redeemCode(tenant, id, REDEMPTION, NOW);
  return id;
}

/** How often each outcome came of fifty calls at once. */
export async function fiftyAtOnce(call: (index: number) => Promise<string>): Promise<Record<string, number>> {
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => call(index)));
  return Object.fromEntries(
    [...new Set(outcomes)].map((one) => [one, outcomes.filter((o) => o === one).length]),
  );
}
