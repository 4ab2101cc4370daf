import type { Provider } from '../keys/provider.ts';
import type { AuthorizationRequest, ClaimRequest, ClaimsRequest } from '../model/authorization-request.ts';
import { claimsFrom, needsGroups } from '../model/claim-source.ts';
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

/** The user, and the names of their groups where these are told. */
type KnownUser = User & Readonly<{ groups?: readonly string[] }>;

/** What is told: what the scope opens, only of these claims when some are named, and what was asked for one by one. */
type Telling = Readonly<{
  scope: readonly string[];
  only?: readonly string[] | undefined;
  requested?: Requested;
}>;

/** Claims of a person for a token or for userinfo. Groups are looked up only where a claim tells of them. */
export function claimsOfPerson(
  provider: Provider,
  user: User,
  telling: Telling,
): UserClaims | Promise<UserClaims> {
  const { profile } = provider.tenant;
  const { scope, only, requested } = telling;
  const opened = only === undefined ? openedBy(scope, profile) : openedOf(only, scope, profile);
  const names = requested === undefined ? opened : [...opened, ...Object.keys(requested)];
  const tell = (known: KnownUser): UserClaims => ({
    ...pick(known, opened, profile),
    ...claimsByRequest(known, requested, profile),
  });
  return names.some((name) => needsGroups(profile.user_claims[name]))
    ? withGroups(provider, user).then(tell)
    : tell(user);
}

async function withGroups({ store, tenant }: Provider, user: User): Promise<KnownUser> {
  const memberships = await store.listMemberships(tenant.id, [user.id]);
  return { ...user, groups: memberships.map(({ group }) => group) };
}

const openedBy = (scope: readonly string[], { scope_claims }: Profile): readonly string[] =>
  scope.flatMap((value) => scope_claims[value] ?? []);

/** Of these claims, those that the scope opens. */
const openedOf = (
  names: readonly string[],
  scope: readonly string[],
  { scope_claims }: Profile,
): readonly string[] =>
  names.filter((name) => scope.some((value) => scope_claims[value]?.includes(name) === true));

/** Claims of the user's record that the scope opens (OIDC Core §5.4), in the shapes of §5.1. */
export const claimsByScope = (user: User, scope: readonly string[], profile: Profile): UserClaims =>
  pick(user, openedBy(scope, profile), profile);

/** Claims of the user asked for one by one (OIDC Core §5.5.1); a value that does not fit is left out, essential or not. */
function claimsByRequest(user: KnownUser, requested: Requested, profile: Profile): UserClaims {
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
  const opened = [...PROTOCOL_CLAIMS, ...openedBy(scope, profile)];
  const asked = new Set([...Object.keys(claims.userinfo ?? {}), ...Object.keys(claims.id_token ?? {})]);
  return [...asked].filter((name) => !opened.includes(name));
}

function pick(user: KnownUser, names: readonly string[], profile: Profile): UserClaims {
  if (names.length === 0) return {};
  const all = allClaims(user, names, profile);
  return Object.fromEntries(
    names
      .filter((name) => Object.hasOwn(all, name) && !PROTOCOL_CLAIMS.has(name))
      .map((name) => [name, all[name]]),
  );
}

/** What is known of the user; a login name stands in where no preferred_username was given, and what the profile computes comes last. */
function allClaims(user: KnownUser, names: readonly string[], { user_claims }: Profile): UserClaims {
  const recorded = {
    preferred_username: user.username,
    updated_at: inSeconds(user.updated_at),
    ...user.claims,
  };
  if (!names.some((name) => Object.hasOwn(user_claims, name))) return recorded;
  const { sub, username, groups } = user;
  const facts = { sub, username, ...(groups !== undefined && { groups }) };
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
