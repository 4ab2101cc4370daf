import { asObject } from './json.ts';
import type { Settings } from './options.ts';
import { invalidToken, quoted } from './refusal.ts';
import { type VerifiedToken, verifiedToken } from './verified-token.ts';

/** Settings that the claims of a token are held against. */
export type Expected = Pick<Settings, 'issuer' | 'audiences' | 'clockTolerance' | 'requiredClaims' | 'now'>;

/**
 * Checks the claims of a token whose origin is proven (RFC 9068 §4): issuer, audience, times, and the presence and
 * type of every required claim. Throws a `TokenFault` that names the claim.
 */
export function checkClaims(
  claims: Record<string, unknown>,
  expected: Expected,
  token: string,
): VerifiedToken {
  checkIssuer(claims, expected);
  const aud = readAudience(claims, expected);
  const { exp, iat } = readTimes(claims, expected);
  const sub = requireText(claims, 'sub');
  const client_id = requireText(claims, 'client_id');
  const jti = requireText(claims, 'jti');
  const scope = readScope(claims);
  const missing = expected.requiredClaims.find((name) => claims[name] === undefined || claims[name] === null);
  if (missing !== undefined) {
    throw invalidToken(`The access token has no ${missing} claim, which this API needs.`);
  }
  checkUnbound(claims);
  return verifiedToken({ ...claims, iss: expected.issuer, aud, exp, iat, sub, client_id, jti }, scope, token);
}

/** The issuer must be the configured one, to the letter (RFC 9068 §4). */
export function checkIssuer(claims: Record<string, unknown>, { issuer }: Pick<Expected, 'issuer'>): void {
  if (claims.iss !== issuer) {
    throw invalidToken(
      `The token was issued by ${quoted(claims.iss)}, but this API trusts ${quoted(issuer)}.`,
    );
  }
}

function readAudience({ aud }: Record<string, unknown>, { audiences }: Expected): string | string[] {
  if (typeof aud === 'string' && audiences.includes(aud)) return aud;
  if (isTextList(aud) && aud.some((audience) => audiences.includes(audience))) return aud;
  const ours = audiences.map(quoted).join(' or ');
  throw invalidToken(
    `The access token is meant for ${quoted(aud)}, not for ${ours}: request one for this API.`,
  );
}

function readTimes(claims: Record<string, unknown>, expected: Expected): { exp: number; iat: number } {
  const now = Math.floor(expected.now() / 1000);
  const { clockTolerance } = expected;
  const exp = requireTime(claims, 'exp');
  const iat = requireTime(claims, 'iat');
  const nbf = claims.nbf === undefined ? undefined : requireTime(claims, 'nbf');
  if (now >= exp + clockTolerance) throw invalidToken(`The access token expired ${now - exp} seconds ago.`);
  if (nbf !== undefined && nbf > now + clockTolerance) {
    throw invalidToken(`The access token is valid only in ${nbf - now} seconds (nbf).`);
  }
  if (iat > now + clockTolerance) {
    throw invalidToken(`The access token was issued ${iat - now} seconds in the future (iat).`);
  }
  return { exp, iat };
}

function readScope({ scope }: Record<string, unknown>): ReadonlySet<string> {
  if (scope === undefined) return new Set();
  if (typeof scope !== 'string') throw invalidToken('The scope claim of the access token is not a string.');
  return new Set(scope.split(' ').filter((value) => value !== ''));
}

// RFC 8705 §3, RFC 9449 §7.1: such a token is worth nothing without the proof, which is not checked here.
function checkUnbound({ cnf }: Record<string, unknown>): void {
  if (cnf === undefined) return;
  const confirmation = Object.keys(asObject(cnf) ?? {}).join(' ');
  throw invalidToken(
    `The access token is bound to a key (cnf ${confirmation}); this API takes plain bearer tokens.`,
  );
}

function requireText(claims: Record<string, unknown>, name: string): string {
  const value = claims[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidToken(`The access token must have the claim ${name}, a string (RFC 9068 section 2.2).`);
}

function requireTime(claims: Record<string, unknown>, name: string): number {
  const value = claims[name];
  // JSON.parse reads 1e999 as Infinity.
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidToken(
    `The access token must have the claim ${name}, a number of seconds (RFC 9068 section 2.2).`,
  );
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
