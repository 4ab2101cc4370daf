import type { TenantConfig } from '../config/tenant.ts';
import { normalizeUsername } from '../model/user.ts';
import { printable } from './terminal.ts';

/** What the configuration file will do about a change of a client, by the id of the operation. */
const OF_CLIENTS: Readonly<Record<string, string>> = {
  changeClient: 'stands in the configuration file, which is applied again at the next start.',
  rotateClientSecret: 'stands in the configuration file: its secret there is no longer good.',
  deleteClient: 'stands in the configuration file, which brings it back at the next start.',
};

const OF_USERS: Readonly<Record<string, boolean>> = { disableUser: true, enableUser: false };

/** A word on what the configuration file will undo; undefined where it says nothing of it. */
export function noteOf(
  operation: string,
  named: string,
  { clients, users }: Pick<TenantConfig, 'clients' | 'users'>,
): string | undefined {
  const clause = OF_CLIENTS[operation];
  if (clause !== undefined && clients.some(({ metadata }) => metadata.client_id === named))
    return `Note: ${printable(named)} ${clause}`;
  const disabled = OF_USERS[operation];
  const written = users.find(({ username }) => username === normalizeUsername(named))?.disabled;
  return disabled === undefined || written === undefined || written === disabled
    ? undefined
    : `Note: ${printable(named)} stands in the configuration file with disabled: ${written}, which is applied again at the next start.`;
}
