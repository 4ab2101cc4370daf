import { limits } from './limits.ts';

export type RefusalStatus = 400 | 401 | 403 | 503;

/** Why a request is refused, before it is known how this API calls its realm. */
export type Refusal = {
  status: RefusalStatus;
  /** Absent when no credentials were sent (RFC 6750 §3.1). */
  error?: string;
  description: string;
  scope?: string;
  acr_values?: string;
  max_age?: number;
};

/** What each challenge of one API says of it: the realm, and the address of its RFC 9728 document. */
export type Realm = { realm: string; resourceMetadata: string | undefined };

/** Thrown while a token is checked; becomes an `AccessRefused` where the realm is known. */
export class TokenFault extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.description, options);
    this.refusal = refusal;
  }
}

/** The issuer is out of reach, or what it publishes cannot be used. The message is for the operator of the API. */
export class IssuerFault extends Error {}

/** The answer to give instead of the resource: a status, the challenge headers and a JSON body. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
  readonly status: RefusalStatus;
  readonly error: string | undefined;
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
  constructor(refusal: Refusal, realm: Realm, options?: ErrorOptions) {
    const description = printable(refusal.description);
    super(description, options);
    this.status = refusal.status;
    this.error = refusal.error;
    this.description = description;
    this.headers =
      refusal.status === 503
        ? { 'Retry-After': String(limits.pauseAfterFailure) }
        : { 'WWW-Authenticate': challenge(refusal, realm) };
    this.body = refusal.error
      ? { error: refusal.error, error_description: description }
      : { message: description };
  }
}

/** RFC 6750 §3.1 `invalid_token`: the token is expired, malformed, of the wrong kind or for another API. */
export function invalidToken(description: string, cause?: unknown): TokenFault {
  return new TokenFault({ status: 401, error: 'invalid_token', description }, { cause });
}

/** RFC 6750 §3.1 `invalid_request`: the token was not sent in the one way it may be sent. */
export function invalidRequest(description: string): TokenFault {
  return new TokenFault({ status: 400, error: 'invalid_request', description });
}

/** RFC 6750 §3: a request without credentials is challenged without an error code. */
export function noCredentials(): TokenFault {
  const description = 'Send an access token in the Authorization header: Bearer, a space, the token.';
  return new TokenFault({ status: 401, description });
}

/** The refusal while the issuer cannot be asked. Says nothing of the cause, which is the operator's business. */
export const unavailable: Refusal = {
  status: 503,
  error: 'temporarily_unavailable',
  description: 'Access tokens cannot be checked right now. Try again shortly.',
};

/** A value taken from a token, shortened and in single quotes, for use inside a description. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return `'${text.length > 120 ? `${text.slice(0, 120)}...` : text}'`;
}

function challenge(refusal: Refusal, { realm, resourceMetadata }: Realm): string {
  const parameters = {
    realm,
    error: refusal.error,
    error_description: refusal.error && printable(refusal.description),
    scope: refusal.scope,
    acr_values: refusal.acr_values,
    max_age: refusal.max_age?.toString(),
    resource_metadata: resourceMetadata,
  };
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value.replace(/["\\]/g, '\\$&')}"`],
  );
  return `Bearer ${written.join(', ')}`;
}

// RFC 6750 §3 allows %x20-21 / %x23-5B / %x5D-7E in error_description: no quote, backslash, control or non-ASCII.
function printable(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replace(/[^\x20-\x7e]/g, '?');
}
