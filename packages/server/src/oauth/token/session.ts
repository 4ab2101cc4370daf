import type { Provider } from '../../keys/provider.ts';
import type { SignedIn } from '../../model/browser-session.ts';
import { authenticateClient } from '../client-auth.ts';
import { allowedScope } from '../scope.ts';
import { grantDirectly } from './direct.ts';
import { issueTokens, type TokenSet } from './issue.ts';
import { requireAllowedUser } from './password.ts';

/**
 * Tokens for a public application of the provider's own at the browser where the person is signed in. They rest on that session and
 * end with it, so there is no refresh token: whoever holds the session may ask again.
 */
export async function tokensForSession(
  provider: Provider,
  client_id: string,
  signedIn: SignedIn,
): Promise<TokenSet> {
  const params = new Map([['client_id', [client_id]]]);
  const client = await authenticateClient(provider, { params, authorization: undefined });
  requireAllowedUser(client, signedIn);
  const { offline_scopes } = provider.tenant.profile;
  const scope = allowedScope(client, provider.tenant).filter((value) => !offline_scopes.includes(value));
  return issueTokens(provider, await grantDirectly(provider, client, signedIn, { scope, resources: [] }));
}
