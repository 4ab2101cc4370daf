import type { Provider } from '../../keys/provider.ts';
import type { Authorization } from '../../model/authorization.ts';
import { formatScope } from '../../model/scope.ts';
import type { User } from '../../model/user.ts';
import { makeAccessToken } from '../access-token.ts';
import type { AuthenticatedClient } from '../client-auth.ts';
import { makeIdToken } from '../id-token.ts';
import { scopeForAudience } from '../resource.ts';

/** What a grant has established; only the files of the grants make one, and `issueTokens` accepts nothing else. */
export type Granted =
  | Readonly<{
      kind: 'person';
      client: AuthenticatedClient;
      user: User;
      grant_id: number;
      authorization: Authorization;
      /** Scope and audience of this token, at most those of the authorization. */
      scope: readonly string[];
      audience: readonly string[];
      refresh_token: string | undefined;
      id_token: boolean;
    }>
  | Readonly<{
      kind: 'service';
      client: AuthenticatedClient;
      scope: readonly string[];
      audience: readonly string[];
    }>;

/** The answer of the token endpoint (RFC 6749 §5.1, OIDC Core §3.1.3.3). */
export type TokenSet = Readonly<{
  access_token: string;
  token_type: string;
  expires_in: number;
  scope?: string;
  refresh_token?: string;
  id_token?: string;
}>;

/** Makes the tokens. Nothing is decided here any more, and nothing can be refused. */
export async function issueTokens(provider: Provider, granted: Granted): Promise<TokenSet> {
  const { tenant } = provider;
  provider.clientUses.note(granted.client);
  const scope = scopeForAudience(granted.scope, granted.audience, tenant);
  if (granted.kind === 'person' && granted.refresh_token !== undefined) provider.tally.note('refresh_token');
  const access = await makeAccessToken(provider, {
    client: granted.client,
    audience: granted.audience,
    scope,
    ...(granted.kind === 'person' && {
      person: { user: granted.user, grant_id: granted.grant_id, ...granted.authorization },
    }),
  });
  return {
    access_token: access.token,
    token_type: tenant.profile.tokens.token_type,
    expires_in: access.expires_in,
    ...(scope.length > 0 && { scope: formatScope(scope) }),
    ...(granted.kind === 'person' &&
      granted.refresh_token !== undefined && { refresh_token: granted.refresh_token }),
    ...(granted.kind === 'person' &&
      granted.id_token && { id_token: await idToken(provider, granted, access.token) }),
  };
}

const idToken = (
  provider: Provider,
  granted: Granted & { kind: 'person' },
  access_token: string,
): Promise<string> => makeIdToken(provider, { ...granted, beside: { access_token }, withAccessToken: true });
