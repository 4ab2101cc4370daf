import { queryOptions } from '@tanstack/react-query';
import { ask, query } from '../api/http.ts';
import { userPath } from '../api/queries.ts';
import type { Scope } from '../api/settings.ts';

/** Why a claim is in a token, by its name. */
export type Reasons = Readonly<Record<string, string>>;

/** Claims that the protocol itself asks for. */
const OF_THE_PROTOCOL: Reasons = {
  iss: 'The provider that issued it (OIDC Core §2).',
  sub: 'The person, by an identifier that never changes (OIDC Core §2).',
  aud: 'Whom it is for (OIDC Core §2, RFC 9068 §3).',
  exp: 'When it ends (RFC 7519 §4.1.4).',
  iat: 'When it was issued (RFC 7519 §4.1.6).',
  nbf: 'From when it is good (RFC 7519 §4.1.5).',
  jti: 'Its own name (RFC 7519 §4.1.7).',
  nonce: 'What the application sent, so that it can tell the answer is to its own request (OIDC Core §2).',
  auth_time: 'When the person proved who they are (OIDC Core §2).',
  acr: 'How strongly the person was proved (OIDC Core §2).',
  amr: 'By what means the person was proved (RFC 8176).',
  azp: 'The application that asked for it (OIDC Core §2).',
  at_hash: 'Ties the ID token to the access token beside it (OIDC Core §3.1.3.6).',
  c_hash: 'Ties the ID token to the code beside it (OIDC Core §3.3.2.11).',
  sid: 'The session, for sign-out messages (OIDC Back-Channel Logout §2.1).',
  client_id: 'The application that it was issued to (RFC 9068 §2.2).',
  scope: 'What was granted (RFC 9068 §2.2.3).',
};

/** What is said of each claim, as far as the protocol and the granted scopes tell. */
export function reasonsFor(granted: string, scopes: readonly Scope[]): Reasons {
  const words = granted.split(' ');
  const byScope = scopes
    .filter(({ scope }) => words.includes(scope))
    .flatMap(({ scope, claims }) => claims.map((claim) => [claim, `The scope ${scope} opens it.`] as const));
  return { ...Object.fromEntries(byScope), ...OF_THE_PROTOCOL };
}

/** What each kind of token tells of a person, with the reasons, as the server knows them. */
export type Preview = Readonly<
  Record<
    'id_token' | 'userinfo' | 'access_token',
    Readonly<Record<string, Readonly<{ value: unknown; why: string }>>>
  >
>;

export const previewQuery = (sub: string, client_id: string, scope: string) =>
  queryOptions({
    queryKey: ['/users', 'preview', sub, client_id, scope],
    enabled: sub !== '' && client_id !== '',
    queryFn: async ({ signal }) =>
      (await ask<Preview>(`${userPath(sub)}/preview${query({ client_id, scope })}`, { signal })).body,
  });
