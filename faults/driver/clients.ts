import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** Where every client is sent back to; nobody listens there. */
export const REDIRECT = 'http://127.0.0.1:9000/cb';

export type ClientName = 'web-basic' | 'web-post' | 'spa' | 'signer';

const SECRET = 'a-secret-of-forty-characters-for-faults-';
const SCOPE = 'openid profile email offline_access';

const KEYS = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PUBLIC = { ...KEYS.publicKey.export({ format: 'jwk' }), kid: 'signer', alg: 'ES256', use: 'sig' };

const person = {
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: SCOPE,
  consent: 'skip',
};

/** The clients of every experiment, as they stand in the configuration file. */
export const CLIENTS: readonly Readonly<Record<string, unknown>>[] = [
  { client_id: 'web-basic', client_secret: SECRET, ...person },
  {
    client_id: 'web-post',
    client_secret: SECRET,
    token_endpoint_auth_method: 'client_secret_post',
    ...person,
  },
  { client_id: 'spa', token_endpoint_auth_method: 'none', ...person },
  {
    client_id: 'service',
    client_secret: SECRET,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    scope: 'openid',
  },
  {
    client_id: 'signer',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [PUBLIC] },
    ...person,
    grant_types: [...person.grant_types, 'client_credentials'],
  },
];

type Form = Readonly<Record<string, string>>;
/** How a client proves who it is: in the header or in the form. */
export type Proof = Readonly<{ headers: Form; form: Form }>;

const basic = (name: string): Proof => ({
  headers: { authorization: `Basic ${Buffer.from(`${name}:${SECRET}`).toString('base64')}` },
  form: {},
});

export const SERVICE = basic('service');

const FIXED: Readonly<Record<Exclude<ClientName, 'signer'>, Proof>> = {
  'web-basic': basic('web-basic'),
  'web-post': { headers: {}, form: { client_id: 'web-post', client_secret: SECRET } },
  spa: { headers: {}, form: { client_id: 'spa' } },
};

/** The proof of a client; `signer` makes a new assertion each time, with an identifier of its own. */
export const proofOf = (name: ClientName, issuer: string, jti: string): Proof =>
  name === 'signer' ? { headers: {}, form: assertion(issuer, jti, 300) } : FIXED[name];

/** A client assertion of `signer` (RFC 7523 §2.2), good for so many seconds. */
export function assertion(issuer: string, jti: string, seconds: number, now = Date.now()): Form {
  const exp = Math.floor(now / 1000) + seconds;
  const claims = { iss: 'signer', sub: 'signer', aud: issuer, jti, exp };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'ES256', kid: 'signer' })}.${encode(claims)}`;
  const key = { key: KEYS.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`,
  };
}

/** Name and password of a virtual user. */
export const account = (user: number): { username: string; password: string } => ({
  username: `user-${user}`,
  password: `wonderland of ${user}`,
});

/** The address a virtual user comes from, as the trusted proxy tells it. */
export const addressOf = (user: number): string => `10.${user >> 16}.${(user >> 8) & 255}.${user & 255}`;

/** The verifier of PKCE and its challenge (RFC 7636 §4.2). */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');
