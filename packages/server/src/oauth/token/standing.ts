import type { Grant } from '../../model/authorization.ts';
import type { User } from '../../model/user.ts';
import { refuse } from '../error.ts';

/** The person whose grant it is, if the grant still stands: neither was it revoked nor the person disabled. */
export function requireStanding({ revoked_at, user }: Grant): User {
  if (revoked_at !== null) throw refuse('grant.ended', { revoked_at });
  if (user.disabled_at !== null) throw refuse('grant.ended', { user: 'disabled' });
  return user;
}
