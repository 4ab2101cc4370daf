import { BUILT_IN_CLIENT_IDS } from '../model/admin-api.ts';
import type { User } from '../model/user.ts';
import type { Call } from './operation.ts';
import { Problem } from './problem.ts';

/**
 * The person whose account it is: whoever calls, through Signet's own clients. Others hold tokens of people as well, and have no business
 * with their passwords and sessions.
 */
export function requireOwner({ caller: { user, client } }: Pick<Call, 'caller'>): User {
  if (user !== undefined && BUILT_IN_CLIENT_IDS.includes(client.metadata.client_id)) return user;
  throw new Problem(
    'forbidden',
    'Only the person, at the console or the command line of Signet, does this.',
    {
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
    },
  );
}
