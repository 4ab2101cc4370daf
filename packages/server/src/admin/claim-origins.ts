import type { ClaimSource, ClaimSources, TokenFact } from '../model/claim-source.ts';
import type { Tenant } from '../model/tenant.ts';

/** Where a claim is found, and what was asked for. */
export type ClaimPlace = Readonly<{
  where: 'id_token' | 'access_token' | 'userinfo';
  /** The granted scope. */
  scope: readonly string[];
  /** Whether the client itself is the subject. */
  isService: boolean;
  subject_type: 'public' | 'pairwise';
}>;

const PROTOCOL: Readonly<Record<string, string>> = {
  iss: 'the issuer',
  aud: 'for whom it is',
  exp: 'when it ends: its lifetime after iat',
  iat: 'when it was made',
  nbf: 'from when it is good',
  jti: 'names this one token',
  nonce: 'what the application sent (OIDC Core §2)',
  azp: 'the client it was made for',
  client_id: 'the client it was made for',
  scope: 'what was granted',
  auth_time: 'when the person proved who they are',
  acr: 'how surely',
  amr: 'by what',
  sid: 'the session at the browser',
  at_hash: 'binds the access token beside it (OIDC Core §3.1.3.6)',
  c_hash: 'binds the code beside it',
  s_hash: 'binds the state beside it',
  act: 'who acts as this person',
};

/** Why a claim is in a token or answer, in a few words. */
export function originOfClaim({ profile }: Tenant, name: string, place: ClaimPlace): string {
  const { tokens } = profile;
  const added: ClaimSources =
    place.where === 'id_token'
      ? tokens.id_token_claims
      : place.where === 'userinfo'
        ? place.isService
          ? tokens.service_userinfo
          : {}
        : place.isService
          ? tokens.service_token_claims
          : tokens.access_token_claims;
  const source = added[name];
  if (name === 'sub') return subjectOf(place);
  if (source !== undefined) return `the profile ${profile.name}: ${sourceInWords(source)}`;
  if (PROTOCOL[name] !== undefined) return PROTOCOL[name];
  const opening = place.scope.filter((value) => profile.scope_claims[value]?.includes(name) === true);
  const computed = profile.user_claims[name];
  const value = computed === undefined ? recordInWords(name) : sourceInWords(computed);
  return opening.length > 0
    ? `scope ${opening.join(' and ')} opens it: ${value}`
    : `asked for by name: ${value}`;
}

function subjectOf({ isService, subject_type }: ClaimPlace): string {
  if (isService) return 'the client itself';
  return subject_type === 'pairwise'
    ? 'the person, by a name for this sector alone (OIDC Core §8.1)'
    : 'the person, by the same name for every application';
}

function recordInWords(name: string): string {
  if (name === 'preferred_username') return 'claims.preferred_username of the user, else the username';
  if (name === 'updated_at') return 'when the user was changed last';
  return `claims.${name} of the user`;
}

const FACTS: Readonly<Record<TokenFact, string>> = {
  issuer: 'the issuer',
  client_id: 'the client_id',
  client_name: 'the name of the client',
  client_organization: 'the organization of the client',
  sub: 'the sub of the user',
  username: 'the username',
  display_name: 'the name of the user, else the username',
  scope: 'the granted scope',
  sid: 'the session at the browser',
  token_id: 'a name for this one token',
  impersonator: 'who signed in as this person',
};

function sourceInWords(source: ClaimSource): string {
  if ('constant' in source) return 'always this value';
  if ('fact' in source) return FACTS[source.fact];
  if ('claim' in source) return `claims.${source.claim} of the user`;
  if ('groups' in source) return 'the groups of the user';
  if ('members' in source) return `a group of ${Object.keys(source.members).join(', ')}`;
  return source.first.map(sourceInWords).join(', else ');
}
