import { type AccessTokenSource, readBearer } from './bearer.ts';
import { introspector } from './introspection.ts';
import { issuerKeys, issuerMetadata } from './issuer.ts';
import { type ResourceServerOptions, readOptions } from './options.ts';
import { AccessRefused, invalidToken, TokenFault, unavailable } from './refusal.ts';
import { meetRequirements, parseRequirements, type Requirements } from './requirements.ts';
import { readJwtHeader } from './token-kind.ts';
import { tokenOf, type VerifiedToken } from './verified-token.ts';
import { verifyJwt } from './verify-jwt.ts';

export type { AccessTokenClaims } from './verified-token.ts';
export type { AccessTokenSource, Requirements, ResourceServerOptions, VerifiedToken };
export { AccessRefused, tokenOf };

/** One API and the issuer it trusts. */
export type ResourceServer = {
  /**
   * The access token of a request, checked. Rejects with an `AccessRefused` that holds the answer to give instead.
   * Pass the whole request if you can: of a bare header, repetitions and tokens in the query cannot be seen.
   */
  verify: (source: AccessTokenSource, requirements?: Requirements) => Promise<VerifiedToken>;
  /** Resolves when the issuer can be used; rejects with an `Error` that says why it cannot. */
  ready: () => Promise<void>;
};

/** Checks the bearer access tokens (RFC 9068, RFC 6750) of one API. Throws a TypeError if the options are wrong. */
export function resourceServer(options: ResourceServerOptions): ResourceServer {
  const settings = readOptions(options);
  const metadata = issuerMetadata(settings);
  const keys = issuerKeys(settings, metadata);
  const introspect = settings.introspection && introspector(settings.introspection, settings, metadata);

  async function readToken(source: AccessTokenSource): Promise<VerifiedToken> {
    const token = readBearer(source);
    const header = readJwtHeader(token);
    if (header) return verifyJwt({ token, header }, settings, keys);
    if (introspect) return introspect(token);
    throw invalidToken(
      'The token is not a JWT: it may be a refresh token or an opaque one. Send a JWT access token.',
    );
  }

  function refuse(cause: unknown): AccessRefused {
    if (cause instanceof TokenFault) {
      return new AccessRefused(cause.refusal, settings, { cause: cause.cause });
    }
    settings.warn(cause instanceof Error ? cause.message : String(cause));
    return new AccessRefused(unavailable, settings, { cause });
  }

  async function verify(source: AccessTokenSource, requirements: Requirements = {}): Promise<VerifiedToken> {
    const required = parseRequirements(requirements);
    try {
      const token = await readToken(source);
      meetRequirements(token, required, settings);
      return token;
    } catch (error) {
      throw refuse(error);
    }
  }

  return {
    verify,
    ready: async () => {
      await (introspect ? metadata : keys).current();
    },
  };
}
