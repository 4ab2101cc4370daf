import type { Provider } from '../../keys/provider.ts';
import { scopeValues } from '../../model/scope.ts';
import { type AuthenticatedClient, requireConfidential } from '../client-auth.ts';
import { refuse } from '../error.ts';
import type { Params } from '../params.ts';
import { audienceOf, parseAudience, parseResources } from '../resource.ts';
import { allowedScope } from '../scope.ts';
import type { Granted } from './issue.ts';
import type { TokenRequest } from './request.ts';

/** Scope values that speak of a person, who is absent here. */
const OF_A_PERSON = ['openid', 'offline_access'];

/** A service acting for itself (RFC 6749 §4.4): no person, no refresh token, no ID token. */
export function grantClientCredentials(
  provider: Provider,
  client: AuthenticatedClient,
  request: TokenRequest & { grant_type: 'client_credentials' },
  params: Params,
): Granted {
  requireConfidential(client);
  const registered = allowedScope(client, provider.tenant);
  const asked =
    request.scope ?? scopeValues(client.metadata.scope).filter((value) => !isOfAPerson(provider, value));
  const strange = asked.filter((value) => !registered.includes(value) || OF_A_PERSON.includes(value));
  if (strange.length > 0) throw refuse('scope.not-allowed', { received: strange, registered });
  const resources = parseResources(params, client, provider.tenant);
  const audience = audienceOf({ scope: asked, resources }, client, provider.tenant);
  const { issuer, profile } = provider.tenant;
  if (!profile.tokens.audience_parameter) return { kind: 'service', client, scope: asked, audience };
  return {
    kind: 'service',
    client,
    scope: asked,
    audience: [...new Set([...parseAudience(params), ...audience, issuer])],
  };
}

const isOfAPerson = (provider: Provider, value: string): boolean =>
  OF_A_PERSON.includes(value) || (provider.tenant.profile.scope_claims[value] ?? []).length > 0;
