import type { AuthorizationRequest, ClaimRequest, ClaimsRequest } from '../model/authorization-request.ts';
import { areThere, claimsFrom } from '../model/claim-source.ts';
import { inSeconds } from '../model/clock.ts';
import type { Profile } from '../model/profile.ts';
import type { User, UserClaims } from '../model/user.ts';

type Requested = ClaimsRequest['userinfo'];

/** Claims that only the protocol may set, whatever a user's record holds. */
const PROTOCOL_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'azp',
  'sid',
  'at_hash',
  'c_hash',
  's_hash',
  'client_id',
  'scope',
  'cnf',
  'act',
]);

/** Claims of the user that the scope opens (OIDC Core §5.4), in the shapes of §5.1. */
export function claimsByScope(user: User, scope: readonly string[], profile: Profile): UserClaims {
  const names = scope.flatMap((value) => profile.scope_claims[value] ?? []);
  return pick(user, names, profile);
}

/** Claims of the user asked for one by one (OIDC Core §5.5.1); a value that does not fit is left out, essential or not. */
export function claimsByRequest(user: User, requested: Requested, profile: Profile): UserClaims {
  if (requested === undefined) return {};
  const known = pick(user, Object.keys(requested), profile);
  return Object.fromEntries(
    Object.entries(known).filter(([name, value]) => fits(requested[name] ?? null, value)),
  );
}

/** The claims asked for one by one that need a consent of their own: those the scope does not open. */
export function claimsBeyondScope(
  { scope, claims }: Pick<AuthorizationRequest, 'scope' | 'claims'>,
  profile: Profile,
): readonly string[] {
  if (claims.userinfo === undefined && claims.id_token === undefined) return [];
  const opened = [...PROTOCOL_CLAIMS, ...scope.flatMap((value) => profile.scope_claims[value] ?? [])];
  const asked = new Set([...Object.keys(claims.userinfo ?? {}), ...Object.keys(claims.id_token ?? {})]);
  return [...asked].filter((name) => !opened.includes(name));
}

function pick(user: User, names: readonly string[], profile: Profile): UserClaims {
  if (names.length === 0) return {};
  const all = allClaims(user, profile);
  return Object.fromEntries(
    names
      .filter((name) => Object.hasOwn(all, name) && !PROTOCOL_CLAIMS.has(name))
      .map((name) => [name, all[name]]),
  );
}

/** What is known of the user; a login name stands in where no preferred_username was given, and what the profile computes comes last. */
function allClaims(user: User, { user_claims }: Profile): UserClaims {
  const recorded = {
    preferred_username: user.username,
    updated_at: inSeconds(user.updated_at),
    ...user.claims,
  };
  if (!areThere(user_claims)) return recorded;
  const facts = { sub: user.sub, username: user.username };
  return { ...recorded, ...claimsFrom(user_claims, facts, recorded) };
}

/** Whether a value satisfies a request for a particular one (OIDC Core §5.5.1). */
export function fits(request: ClaimRequest | null, value: unknown): boolean {
  if (request === null) return true;
  const same = (wanted: unknown): boolean => JSON.stringify(wanted) === JSON.stringify(value);
  return (
    (request.value === undefined || same(request.value)) &&
    (request.values === undefined || request.values.some(same))
  );
}
