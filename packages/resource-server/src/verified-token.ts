/** The claims of RFC 9068 §2.2, checked, and whatever else the issuer put into the token, unchecked. */
export type AccessTokenClaims = {
  iss: string;
  sub: string;
  aud: string | string[];
  /** Seconds since 1970, like `iat`. */
  exp: number;
  iat: number;
  jti: string;
  client_id: string;
  [claim: string]: unknown;
};

/** An access token that passed every check. */
export type VerifiedToken = {
  claims: Readonly<AccessTokenClaims>;
  /** Whom the token acts for: a person, or the client itself when no person is involved. */
  sub: string;
  client_id: string;
  scope: ReadonlySet<string>;
  jti: string;
  /** Seconds since 1970. */
  exp: number;
  /** The token as it was sent. Not enumerable, so that logging this value does not leak it. */
  readonly token: string;
};

/** What an API author sees of a checked token; `scope` is the claim of RFC 8693 §4.2. */
export function verifiedToken(
  claims: AccessTokenClaims,
  scope: ReadonlySet<string>,
  token: string,
): VerifiedToken {
  const { sub, client_id, jti, exp } = claims;
  const verified = { claims, sub, client_id, scope, jti, exp, token };
  return Object.defineProperty(verified, 'token', { enumerable: false, writable: false });
}

/** The token that a guard left on an Express or Fastify request. Throws when no guard stands before the route. */
export function tokenOf(request: { auth?: VerifiedToken }): VerifiedToken {
  if (!request.auth) throw new Error('No guard has checked this request: put one before this route.');
  return request.auth;
}
