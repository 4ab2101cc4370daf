import { limits } from './limits.ts';
import { invalidRequest, invalidToken, noCredentials } from './refusal.ts';

/** Where a token may come from: a request of Node, Express or the fetch API, or the bare Authorization header. */
export type AccessTokenSource = string | null | undefined | NodeRequest | WebRequest;

/** The part of a Node, Express or Fastify request that is looked at. */
export type NodeRequest = {
  headers: { authorization?: string | undefined; 'content-type'?: string | undefined };
  /** Shows a repeated header, of which `headers` keeps only the first. */
  rawHeaders?: readonly string[] | undefined;
  url?: string | undefined;
  /** The parsed body, if the framework has parsed one. */
  body?: unknown;
};

/** The part of a fetch API `Request` that is looked at. */
export type WebRequest = { headers: { get(name: string): string | null }; url: string };

/**
 * The bearer token of a request (RFC 6750 §2.1). Throws a `TokenFault`: 401 without error when no bearer token was
 * sent, 400 invalid_request when one was sent in a malformed, repeated or unaccepted way.
 */
export function readBearer(source: AccessTokenSource): string {
  if (hasTokenOutsideHeader(source)) {
    throw invalidRequest(
      'Send the access token in the Authorization header only: access_token in the query or a form is not accepted.',
    );
  }
  const authorization = authorizationHeader(source);
  const scheme = /^\S*/.exec(authorization)?.[0] ?? '';
  if (scheme.toLowerCase() !== 'bearer') throw noCredentials();
  const credentials = authorization.slice(scheme.length).replace(/^ +/, '');
  if (credentials.length > limits.tokenLength) {
    throw invalidToken(`The access token is longer than ${limits.tokenLength} characters.`);
  }
  if (/[ ,]/.test(credentials)) {
    throw invalidRequest('The Authorization header must hold one access token and nothing after it.');
  }
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(credentials)) {
    throw invalidRequest('The Authorization header must read: Bearer, a space, the access token.');
  }
  return credentials;
}

function authorizationHeader(source: AccessTokenSource): string {
  if (source === null || source === undefined) return '';
  if (typeof source === 'string') return source;
  if (isWebRequest(source)) return source.headers.get('authorization') ?? '';
  const names = (source.rawHeaders ?? []).filter((_, index) => index % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === 'authorization').length > 1) {
    throw invalidRequest('Send one Authorization header, not several.');
  }
  return source.headers.authorization ?? '';
}

// RFC 6750 §2.2 and §2.3 are optional for a resource server; such tokens end in logs and histories.
function hasTokenOutsideHeader(source: AccessTokenSource): boolean {
  if (source === null || typeof source !== 'object') return false;
  const query = source.url?.split('#', 1)[0]?.split('?').slice(1).join('?');
  if (query && new URLSearchParams(query).has('access_token')) return true;
  if (isWebRequest(source)) return false;
  const isForm = source.headers['content-type']
    ?.toLowerCase()
    .startsWith('application/x-www-form-urlencoded');
  const { body } = source;
  return isForm === true && typeof body === 'object' && body !== null && 'access_token' in body;
}

function isWebRequest(source: NodeRequest | WebRequest): source is WebRequest {
  return 'get' in source.headers && typeof source.headers.get === 'function';
}
