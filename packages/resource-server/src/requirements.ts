import type { Settings } from './options.ts';
import { TokenFault } from './refusal.ts';
import type { VerifiedToken } from './verified-token.ts';

/** What a route asks of a token besides being valid. */
export type Requirements = {
  /** Scopes that must all be granted: a list, or one string with spaces. */
  scope?: string | readonly string[];
  /** Seconds since the person last signed in (RFC 9470). */
  maxAge?: number;
  /** Authentication context classes, one of which must have been used (RFC 9470), best first. */
  acr?: string | readonly string[];
};

export type ParsedRequirements = {
  scope: readonly string[];
  maxAge: number | undefined;
  acr: readonly string[] | undefined;
};

/** Reads requirements; one that could never be met or never fail by mistake is a TypeError. */
export function parseRequirements({ scope, maxAge, acr }: Requirements): ParsedRequirements {
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 0)) {
    throw new TypeError('maxAge must be a whole number of seconds');
  }
  return {
    scope: scope === undefined ? [] : readWords('scope', scope),
    maxAge,
    acr: acr === undefined ? undefined : readWords('acr', acr),
  };
}

/** Holds a checked token against a route's requirements: step-up first (RFC 9470 §3), then scope (RFC 6750 §3.1). */
export function meetRequirements(
  token: VerifiedToken,
  required: ParsedRequirements,
  settings: Pick<Settings, 'now' | 'clockTolerance'>,
): void {
  const missing = required.scope.filter((scope) => !token.scope.has(scope));
  const scope = missing.length > 0 ? required.scope.join(' ') : undefined;
  const stepUp = findStepUp(token, required, settings);
  if (stepUp) {
    const error = 'insufficient_user_authentication';
    throw new TokenFault({
      status: 401,
      error,
      description: stepUp,
      scope,
      acr_values: required.acr?.join(' '),
      max_age: required.maxAge,
    });
  }
  if (scope !== undefined) {
    const description = `The access token lacks the scope ${missing.join(' ')}.`;
    throw new TokenFault({ status: 403, error: 'insufficient_scope', description, scope });
  }
}

function findStepUp(
  { claims }: VerifiedToken,
  { acr, maxAge }: ParsedRequirements,
  { now, clockTolerance }: Pick<Settings, 'now' | 'clockTolerance'>,
): string | undefined {
  if (acr && !(typeof claims.acr === 'string' && acr.includes(claims.acr))) {
    return 'A different way of signing in is required.';
  }
  if (maxAge === undefined) return undefined;
  const age =
    typeof claims.auth_time === 'number' ? now() / 1000 - claims.auth_time : Number.POSITIVE_INFINITY;
  return age <= maxAge + clockTolerance ? undefined : 'A more recent sign-in is required.';
}

function readWords(name: string, value: string | readonly string[]): readonly string[] {
  const words = (typeof value === 'string' ? value.split(' ') : value).filter((word) => word !== '');
  if (words.length === 0) throw new TypeError(`${name} must not be empty: leave it out to require none`);
  // RFC 6749 §3.3
  const wrong = words.find((word) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word));
  if (wrong !== undefined) {
    throw new TypeError(`${name} has a value with a character that is not allowed: ${wrong}`);
  }
  return words;
}
