import type { Provider } from '../../keys/provider.ts';
import type { Grant } from '../../model/authorization.ts';
import type { User } from '../../model/user.ts';
import { refuse } from '../error.ts';

/** The person whose grant it is, if the grant still stands: neither was it revoked nor the person disabled or deleted. */
export async function requireStanding(provider: Provider, grant: Grant): Promise<User> {
  if (grant.revoked_at !== null) throw refuse('grant.ended', { revoked_at: grant.revoked_at });
  const user = await provider.store.findUser(provider.tenant.id, grant.user_id);
  if (user === undefined || user.disabled_at !== null)
    throw refuse('grant.ended', { user: 'deleted or disabled' });
  return user;
}
