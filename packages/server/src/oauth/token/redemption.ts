import type { Provider } from '../../keys/provider.ts';
import type { Authorization } from '../../model/authorization.ts';
import type { Client } from '../../model/client.ts';
import type { Tenant } from '../../model/tenant.ts';
import type { Redemption } from '../../store/access-verbs.ts';
import { longestTokenLife, refreshTokenEnd } from '../lifetimes.ts';

/** How a grant goes on when its code is redeemed: with a line of refresh tokens where client and scope ask for one. */
export function redemptionOf(
  provider: Provider,
  client: Client,
  grant: Readonly<{ authorization: Authorization; created_at: number }>,
): Redemption {
  const { clock, random } = provider;
  const refresh = givesRefreshToken(provider.tenant, client, grant.authorization)
    ? { salt: random(16), expires_at: refreshTokenEnd(provider, client, grant) }
    : null;
  const grant_expires_at = (refresh?.expires_at ?? clock()) + longestTokenLife(provider, client);
  return { refresh, grant_expires_at };
}

/** Whether a code gives a refresh token too. */
export const givesRefreshToken = (
  tenant: Tenant,
  { metadata }: Client,
  { scope }: Pick<Authorization, 'scope'>,
): boolean =>
  metadata.grant_types.includes('refresh_token') &&
  (tenant.profile.tokens.refresh_token === 'always' ||
    scope.some((value) => tenant.profile.offline_scopes.includes(value)));
