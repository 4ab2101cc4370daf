import type { Provider } from '../../keys/provider.ts';
import type { GrantType } from '../../model/client.ts';
import { type AuthenticatedClient, authenticateClient, type ClientRequest } from '../client-auth.ts';
import { refuse } from '../error.ts';
import { type Params, requireNoRepeats } from '../params.ts';
import { grantAuthorizationCode } from './authorization-code.ts';
import { grantClientCredentials } from './client-credentials.ts';
import { type Granted, issueTokens, type TokenSet } from './issue.ts';
import { grantPassword, type SignInByPassword } from './password.ts';
import { grantRefreshToken } from './refresh-token.ts';
import { parseTokenRequest, type TokenRequest } from './request.ts';

/** The token endpoint (RFC 6749 §3.2): read the request, know the client, let the grant decide, issue. */
export async function tokenEndpoint(
  provider: Provider,
  request: ClientRequest,
  signIn: SignInByPassword,
): Promise<TokenSet> {
  requireNoRepeats(request.params);
  const tokenRequest = parseTokenRequest(request.params, provider.tenant.profile.grant_types);
  const client = await authenticateClient(provider, request);
  requireGrantType(client, tokenRequest.grant_type);
  return issueTokens(
    provider,
    await grant(provider, client, tokenRequest, { params: request.params, signIn }),
  );
}

async function grant(
  provider: Provider,
  client: AuthenticatedClient,
  request: TokenRequest,
  { params, signIn }: { params: Params; signIn: SignInByPassword },
): Promise<Granted> {
  switch (request.grant_type) {
    case 'authorization_code':
      return grantAuthorizationCode(provider, client, request, params);
    case 'refresh_token':
      return grantRefreshToken(provider, client, request, params);
    case 'client_credentials':
      return grantClientCredentials(provider, client, request, params);
    case 'password':
      return grantPassword(provider, client, request, { params, signIn });
  }
}

function requireGrantType(client: AuthenticatedClient, grant_type: GrantType): void {
  const { client_id, grant_types } = client.metadata;
  if (!grant_types.includes(grant_type))
    throw refuse('client.grant-type', { client_id, received: grant_type, registered: grant_types });
}
