import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { Provider } from '../keys/provider.ts';
import { unsealClientSecret } from '../keys/tenant-secrets.ts';
import { type Client, type ClientMetadata, isLivingClient, livingPreviousSecret } from '../model/client.ts';
import { inSeconds } from '../model/clock.ts';
import { sha256 } from '../model/secret.ts';
import { endpointUrl } from '../model/tenant.ts';
import { type Facts, OAuthError, refuse } from './error.ts';
import { one, type Params, required } from './params.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Seconds: how far ahead an assertion may expire, which bounds how long its identifier is remembered. */
const LONGEST_LIFE = 3600;
const CLOCK_TOLERANCE = 10;

/** Algorithms a client may sign with. */
export const ASYMMETRIC_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
];
/** For client_secret_jwt, whose secrets are as long as this one needs (RFC 7518 §3.2). */
export const SYMMETRIC_ALGORITHMS = ['HS256'];

/** The client that signed the assertion (RFC 7523 §2.2, §3). It is good once. */
export async function checkClientAssertion(provider: Provider, params: Params): Promise<Client> {
  const assertion = required(params, 'client_assertion');
  if (one(params, 'client_assertion_type') !== ASSERTION_TYPE) {
    throw refuse('client.assertion', { reason: 'client_assertion_type', expected: ASSERTION_TYPE });
  }
  const client_id = claimedClient(assertion);
  if ((one(params, 'client_id') ?? client_id) !== client_id)
    throw wrong(client_id, 'client_id differs from the assertion');
  const client = await provider.store.findClient(provider.tenant.id, client_id);
  if (client === undefined || !isLivingClient(client, provider.clock()))
    throw wrong(client_id, 'no such client, or it is disabled or its registration over');
  const claims = await verifiedClaims(provider, client, assertion);
  const { exp = 0, jti } = claims;
  if (exp > provider.clock() / 1000 + LONGEST_LIFE)
    throw wrong(client_id, `exp is more than ${LONGEST_LIFE} seconds ahead`);
  // The memory of used identifiers is as old as a restored backup.
  if (claims.iat !== undefined && claims.iat < inSeconds(await provider.epoch()))
    throw wrong(client_id, 'it was made before the database was restored: make a new one');
  if (typeof jti !== 'string' || jti === '') throw wrong(client_id, 'jti is missing');
  const used = { jti_hash: sha256(jti), expires_at: (exp + CLOCK_TOLERANCE) * 1000 };
  const use = await provider.store.useAssertion(provider.tenant.id, client.row, used);
  if (use === 'replayed') throw refuse('client.assertion-replayed', { client_id, jti });
  return client;
}

const wrong = (client_id: string | undefined, reason: string, facts: Facts = {}): OAuthError =>
  refuse('client.assertion', { client_id, reason, ...facts });

function claimedClient(assertion: string): string {
  try {
    const { sub } = decodeJwt(assertion);
    if (typeof sub === 'string' && sub !== '' && !sub.includes('\0')) return sub;
  } catch {
    // Falls through: not a JWT.
  }
  throw wrong(undefined, 'the assertion is not a JWT with the client as sub');
}

async function verifiedClaims(provider: Provider, client: Client, assertion: string): Promise<JWTPayload> {
  const { client_id, accept_token_endpoint_audience } = client.metadata;
  const audiences = [
    provider.tenant.issuer,
    ...(accept_token_endpoint_audience === true ? [endpointUrl(provider.tenant, 'token')] : []),
  ];
  const { key, previous, algorithms } = assertionKey(provider, client);
  try {
    if (!isOfType(assertion, 'client-authentication+jwt'))
      throw wrong(client_id, 'its typ is that of another kind of JWT');
    const options = {
      algorithms,
      issuer: client_id,
      subject: client_id,
      requiredClaims: ['exp', 'jti', 'aud'],
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(provider.clock()),
    };
    const { payload } = await jwtVerify(assertion, key, options).catch((fault: unknown) => {
      if (previous === undefined) throw fault;
      return jwtVerify(assertion, previous, options);
    });
    // One string, so that an assertion made for somebody else is good nowhere else (draft update to RFC 9700).
    if (typeof payload.aud !== 'string' || !audiences.includes(payload.aud)) {
      throw wrong(client_id, 'aud', { received: payload.aud, expected: audiences });
    }
    return payload;
  } catch (fault) {
    if (fault instanceof OAuthError) throw fault;
    throw wrong(client_id, fault instanceof Error ? fault.message : 'the signature does not verify');
  }
}

/** Whether a JWT says that it is of that type, or of none in particular (RFC 8725 §3.11). Throws when it is no JWT. */
export function isOfType(jwt: string, type: string): boolean {
  const { typ } = decodeProtectedHeader(jwt);
  return typ === undefined || ['jwt', type].includes(typ.toLowerCase().replace(/^application\//, ''));
}

/** `previous` is the secret before the present one, while it is good. */
type Verification = Readonly<{ key: JWTVerifyGetKey; previous?: Uint8Array; algorithms: string[] }>;

function assertionKey(provider: Provider, client: Client): Verification {
  const {
    client_id,
    token_endpoint_auth_method: method,
    token_endpoint_auth_signing_alg: alg,
  } = client.metadata;
  if (method === 'client_secret_jwt' && client.secret_sealed !== null) {
    const secret = unsealClientSecret(provider.secrets, client_id, client.secret_sealed);
    const sealed = livingPreviousSecret(client, provider.clock())?.sealed ?? null;
    const previous = sealed === null ? undefined : unsealClientSecret(provider.secrets, client_id, sealed);
    return {
      key: async () => secret,
      ...(previous && { previous }),
      algorithms: alg === undefined ? SYMMETRIC_ALGORITHMS : [alg],
    };
  }
  if (method === 'private_key_jwt') {
    return {
      key: clientKeys(provider, client),
      algorithms: alg === undefined ? ASYMMETRIC_ALGORITHMS : [alg],
    };
  }
  throw refuse('client.method', { client_id, used: 'client_assertion', registered: method });
}

/** The client's registered public keys. */
export const clientKeys = (provider: Provider, { metadata }: Client): JWTVerifyGetKey =>
  keysBehind(provider, metadata);

/** Public keys given by value or by address. */
export function keysBehind(
  provider: Provider,
  { jwks, jwks_uri }: Pick<ClientMetadata, 'jwks' | 'jwks_uri'>,
): JWTVerifyGetKey {
  if (jwks_uri !== undefined) return provider.remoteKeys(jwks_uri);
  return createLocalJWKSet({ keys: (jwks?.keys ?? []).map((key) => ({ ...key, kty: String(key['kty']) })) });
}
