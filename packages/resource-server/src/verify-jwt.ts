import { compactVerify, errors } from 'jose';
import { checkClaims, checkIssuer } from './claims.ts';
import type { KeySet } from './issuer.ts';
import { parseObject } from './json.ts';
import type { Settings } from './options.ts';
import type { Refreshing } from './refreshing.ts';
import { invalidToken, quoted } from './refusal.ts';
import { describeWrongKind, isAccessTokenType, readUnverifiedClaims } from './token-kind.ts';
import type { VerifiedToken } from './verified-token.ts';

/** A token together with its header, which nobody has vouched for yet. */
export type Jwt = { token: string; header: Record<string, unknown> };

/** Verifies a JWT access token (RFC 9068 §4, RFC 8725 §3). Throws a `TokenFault`, or the reason why there are no keys. */
export async function verifyJwt(
  jwt: Jwt,
  settings: Settings,
  keys: Refreshing<KeySet>,
): Promise<VerifiedToken> {
  checkHeader(jwt, settings.algorithms);
  // Before any key is looked for: a stranger's token must not make this API ask its issuer for keys.
  checkIssuer(readUnverifiedClaims(jwt.token), settings);
  const claims = await verifySignature(jwt, settings.algorithms, keys);
  return checkClaims(claims, settings, jwt.token);
}

function checkHeader({ token, header }: Jwt, algorithms: readonly string[]): void {
  const { alg, typ, crit } = header;
  if ('enc' in header) throw invalidToken('Encrypted tokens are not accepted.');
  if (typeof alg === 'string' && alg.toLowerCase() === 'none') {
    throw invalidToken('The token is not signed (alg none).');
  }
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    throw invalidToken(
      `The token is signed with alg ${quoted(alg)}; this API accepts ${algorithms.join(', ')}.`,
    );
  }
  if (crit !== undefined) {
    throw invalidToken('The token has critical header parameters (crit) unknown to this API.');
  }
  if (!isAccessTokenType(typ)) throw invalidToken(describeWrongKind(typ, readUnverifiedClaims(token)));
}

type Outcome = { signed: Uint8Array } | { fault: unknown } | 'unknown key';

async function verifySignature(
  jwt: Jwt,
  algorithms: readonly string[],
  keys: Refreshing<KeySet>,
): Promise<Record<string, unknown>> {
  const known = await keys.current();
  let outcome = await tryKeys(jwt, algorithms, known);
  if (outcome === 'unknown key') {
    const renewed = await keys.renew(known);
    if (renewed) outcome = await tryKeys(jwt, algorithms, renewed);
  }
  if (outcome === 'unknown key') {
    throw invalidToken('The token is signed with a key that its issuer does not publish.');
  }
  if ('fault' in outcome) throw invalidToken('The signature of the token is not valid.', outcome.fault);
  const claims = parseObject(outcome.signed);
  if (!claims) throw invalidToken('The token does not hold a JSON object.');
  return claims;
}

async function tryKeys(
  { token, header }: Jwt,
  algorithms: readonly string[],
  keys: KeySet,
): Promise<Outcome> {
  try {
    return { signed: await openJws(token, keys, [...algorithms]) };
  } catch (fault) {
    // Without a key id, a key that was replaced shows as a wrong signature.
    const isReplaced = fault instanceof errors.JWSSignatureVerificationFailed && header.kid === undefined;
    return isReplaced || fault instanceof errors.JWKSNoMatchingKey ? 'unknown key' : { fault };
  }
}

async function openJws(token: string, keys: KeySet, algorithms: string[]): Promise<Uint8Array> {
  try {
    return (await compactVerify(token, keys, { algorithms })).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const verified = await compactVerify(token, key, { algorithms }).catch(() => undefined);
      if (verified) return verified.payload;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}
