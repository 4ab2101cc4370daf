import { allowedByRole } from '../admin/roles.ts';
import type { LivingAccessToken } from '../model/access-token.ts';
import {
  ADMIN_SCOPES,
  type AdminScope,
  adminApiOf,
  adminScopesOf,
  isAdminScope,
} from '../model/admin-api.ts';
import type { Client } from '../model/client.ts';
import { scopeValues } from '../model/scope.ts';
import type { User } from '../model/user.ts';
import { findAccessToken } from '../oauth/access-token.ts';
import { bearerIn } from '../oauth/bearer.ts';
import { ownAudience } from '../oauth/resource.ts';
import type { Site, WebContext } from '../web/site.ts';
import { Problem } from './problem.ts';

/** Who calls: a person through a client, or a client for itself, and what of the administration that opens. */
export type Caller = Readonly<{
  client: Pick<Client, 'metadata'>;
  user: User | undefined;
  /** What token, registration and role all allow. */
  powers: readonly AdminScope[];
  /** As the audit log names them. */
  actor: string;
  /** The browser session that the token came by. */
  session_id: number | undefined;
  /** Whether they sit at the machine of the database, and so can undo whatever they do. */
  isOperator?: true;
}>;

/** The caller, proven by an access token of this very issuer for this very interface. Throws a `Problem` with 401 or 403. */
export async function requireCaller(c: WebContext, site: Site): Promise<Caller> {
  const { provider } = site;
  const sent = c.req.header('authorization');
  if (sent === undefined) throw unauthorized(site, 'Send an access token in the Authorization header.');
  const text = bearerIn(sent);
  const token = text === undefined ? undefined : await findAccessToken(provider, text);
  if (token === undefined || !isMeantForThis(site, token))
    throw unauthorized(site, 'The token is no living access token for this interface.', 'invalid_token');
  const { client, user, grant } = token;
  if (grant?.authorization.impersonator !== undefined)
    throw forbidden(site, 'Nobody administers in the name of somebody else.');
  if (user !== undefined && user.locked_at !== null) throw forbidden(site, 'The account is locked.');
  const actor = user?.sub ?? client.metadata.client_id;
  return { client, user, powers: powersOf(token), actor, session_id: grant?.session_id };
}

/** A token that others hold as well, because it is for them too, proves nothing. */
function isMeantForThis({ provider }: Site, { claims, client }: LivingAccessToken): boolean {
  const api = adminApiOf(provider.tenant);
  const audience: readonly unknown[] = [claims['aud']].flat();
  const own = [api, ownAudience(client, provider.tenant)];
  return audience.includes(api) && audience.every((one) => own.some((known) => known === one));
}

function powersOf({ claims, client, user }: LivingAccessToken): readonly AdminScope[] {
  const { scope } = claims;
  const granted = scopeValues(typeof scope === 'string' ? scope : undefined);
  // As the client is registered and the person's role is at this moment.
  const registered = adminScopesOf(client.metadata);
  const byRole = user === undefined ? ADMIN_SCOPES : allowedByRole(user.role);
  return granted.filter(isAdminScope).filter((value) => registered.includes(value) && byRole.includes(value));
}

/** Throws unless the caller may do what takes that scope. */
export function requirePower(site: Site, caller: Caller, scope: AdminScope): void {
  if (caller.powers.includes(scope)) return;
  const { user } = caller;
  const lacks = user !== undefined && !allowedByRole(user.role).includes(scope);
  throw forbidden(
    site,
    lacks ? `The role ${user.role} does not open this.` : `It takes the scope ${scope}.`,
    scope,
  );
}

/** Whether the caller holds all there is, and so can give away anything. */
export const holdsEverything = ({ powers }: Caller): boolean =>
  ADMIN_SCOPES.every((scope) => powers.includes(scope));

/** The challenges of RFC 6750 §3: no error where no token was sent at all. */
const challenge = ({ provider }: Site, error?: string, scope?: string) => ({
  'www-authenticate': [
    `Bearer realm="${provider.tenant.issuer}"`,
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
  ].join(', '),
});

const unauthorized = (site: Site, detail: string, error?: string): Problem =>
  new Problem('unauthorized', detail, { headers: challenge(site, error) });

const forbidden = (site: Site, detail: string, scope?: string): Problem =>
  new Problem('forbidden', detail, { headers: challenge(site, 'insufficient_scope', scope) });
