import { decodeProtectedHeader, type JWTPayload, jwtVerify, UnsecuredJWT } from 'jose';
import type { Provider } from '../../keys/provider.ts';
import type { Client } from '../../model/client.ts';
import { ASYMMETRIC_ALGORITHMS, clientKeys } from '../client-assertion.ts';
import { type OAuthError, refuse } from '../error.ts';
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
    ['response_type', [String(claims['response_type'] ?? one(params, 'response_type') ?? '')]],
  ]);
}

const invalid = (reason: string): OAuthError => refuse('request-object.invalid', { reason });

/** JSON values as the text in which the parameter would have been sent. */
function inside(claims: JWTPayload): [string, string[]][] {
  return Object.entries(claims)
    .filter(([name]) => !OF_THE_JWT.includes(name))
    .map(([name, value]) => {
      if (name === 'resource' && Array.isArray(value)) return [name, value.map(String)];
      return [name, [typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    });
}

async function verifiedClaims(provider: Provider, client: Client, object: string): Promise<JWTPayload> {
  const { client_id, request_object_signing_alg: registered } = client.metadata;
  const checks = {
    issuer: client_id,
    audience: provider.tenant.issuer,
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(provider.clock()),
  };
  try {
    if (decodeProtectedHeader(object).alg === 'none') {
      if (registered !== 'none' || client.metadata.require_signed_request_object === true)
        throw invalid('it is not signed');
      return requireOwn(UnsecuredJWT.decode(object).payload, client_id);
    }
    const algorithms = registered === undefined ? ASYMMETRIC_ALGORITHMS : [registered];
    return (await jwtVerify(object, clientKeys(provider, client), { ...checks, algorithms })).payload;
  } catch (fault) {
    if (fault instanceof Error && fault.name === 'OAuthError') throw fault;
    throw invalid(fault instanceof Error ? fault.message : 'the signature does not verify');
  }
}

/** An unsigned object may leave issuer and audience out, but not name another client. */
function requireOwn(payload: JWTPayload, client_id: string): JWTPayload {
  if (payload.iss !== undefined && payload.iss !== client_id) throw invalid('iss is not the client');
  return payload;
}
