import { decodeProtectedHeader, type JWTPayload, jwtVerify, UnsecuredJWT } from 'jose';
import type { Provider } from '../../keys/provider.ts';
import type { Client } from '../../model/client.ts';
import { ASYMMETRIC_ALGORITHMS, clientKeys, isOfType } from '../client-assertion.ts';
import { OAuthError, refuse } from '../error.ts';
import { one, type Params } from '../params.ts';

const NOT_INSIDE = ['request', 'request_uri'];
const OF_THE_JWT = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub'];
const CLOCK_TOLERANCE = 10;

/**
 * The parameters as the request object gives them (OIDC Core §6.1, RFC 9101 §6.3): with one, nothing outside it counts but the
 * client_id, which must agree, as must the response_type. Without one, the parameters themselves.
 */
export async function resolveRequestObject(
  provider: Provider,
  client: Client,
  params: Params,
): Promise<Params> {
  if (params.has('request_uri')) throw refuse('request-uri.unsupported');
  const object = one(params, 'request');
  if (object === undefined) {
    if (client.metadata.require_signed_request_object === true) throw refuse('request-object.required');
    return params;
  }
  const claims = await verifiedClaims(provider, client, object);
  for (const name of NOT_INSIDE) {
    if (claims[name] !== undefined) throw invalid(`it contains ${name}`);
  }
  for (const name of ['client_id', 'response_type']) {
    const outside = one(params, name);
    if (outside !== undefined && claims[name] !== undefined && claims[name] !== outside)
      throw invalid(`${name} differs outside`);
  }
  return new Map([
    ...inside(claims),
    ['client_id', [client.metadata.client_id]],
    ['response_type', [textOf(claims['response_type'] ?? one(params, 'response_type') ?? '')]],
  ]);
}

const invalid = (reason: string): OAuthError => refuse('request-object.invalid', { reason });

/** JSON values as the text in which the parameter would have been sent; one without a value counts as absent. */
function inside(claims: JWTPayload): [string, string[]][] {
  return Object.entries(claims)
    .filter(([name, value]) => !OF_THE_JWT.includes(name) && value !== null && value !== '')
    .map(([name, value]) => [
      name,
      name === 'resource' && Array.isArray(value) ? value.map(textOf) : [textOf(value)],
    ]);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

async function verifiedClaims(provider: Provider, client: Client, object: string): Promise<JWTPayload> {
  const { client_id } = client.metadata;
  try {
    if (!isOfType(object, 'oauth-authz-req+jwt')) throw invalid('its typ is that of another kind of JWT');
    const claims = await signedClaims(provider, client, object);
    // A client assertion names the client as its subject, and must not pass for a request (RFC 9101 §10.8).
    if (claims.sub === client_id) throw invalid('sub is the client, as in a client assertion');
    return claims;
  } catch (fault) {
    if (fault instanceof OAuthError) throw fault;
    throw invalid(fault instanceof Error ? fault.message : 'the signature does not verify');
  }
}

/** Signed by the client for Signet; an unsigned one, where the client is registered for that, may leave both names out. */
async function signedClaims(provider: Provider, client: Client, object: string): Promise<JWTPayload> {
  const { client_id, request_object_signing_alg: registered } = client.metadata;
  const times = { clockTolerance: CLOCK_TOLERANCE, currentDate: new Date(provider.clock()) };
  const names = { issuer: client_id, audience: provider.tenant.issuer };
  if (decodeProtectedHeader(object).alg !== 'none') {
    const algorithms = registered === undefined ? ASYMMETRIC_ALGORITHMS : [registered];
    const verified = await jwtVerify(object, clientKeys(provider, client), {
      ...times,
      ...names,
      algorithms,
    });
    return verified.payload;
  }
  if (registered !== 'none' || client.metadata.require_signed_request_object === true)
    throw invalid('it is not signed');
  const { payload } = UnsecuredJWT.decode(object, times);
  const named = payload.iss !== undefined || payload.aud !== undefined;
  return named ? UnsecuredJWT.decode(object, { ...times, ...names }).payload : payload;
}
