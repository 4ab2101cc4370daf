import type { Provider } from '../keys/provider.ts';
import type { Authorization } from '../model/authorization.ts';
import type { Client } from '../model/client.ts';
import type { Tenant } from '../model/tenant.ts';

/** Milliseconds for which an access token made now can be good: the grant it rests on must be known for as long. */
export const longestTokenLife = ({ tenant }: Provider, { metadata }: Client): number =>
  1000 *
  Math.max(
    metadata.access_token_lifetime ?? 0,
    tenant.profile.lifetimes.access_token,
    tenant.longest_resource_token,
  );

/** When a refresh token given now ends unless it is used: never later than the line as a whole. Milliseconds. */
export function refreshTokenEnd(
  { tenant, clock }: Provider,
  { metadata }: Client,
  grant: { created_at: number; authorization: SignInOf },
): number {
  const { refresh_token, refresh_token_absolute } = tenant.profile.lifetimes;
  return Math.min(
    clock() + 1000 * (metadata.refresh_token_lifetime ?? refresh_token),
    grant.created_at + 1000 * refresh_token_absolute,
    endOfImpersonation(tenant, grant.authorization),
  );
}

/** The sign-in that something is given on: whose it is, and of when. */
type SignInOf = Readonly<Pick<Authorization, 'auth_time'> & { impersonator?: string | undefined }>;

/** How long a token made now is good: so many seconds, but never longer than an administrator may act as the person. */
export function tokenLife({ tenant, clock }: Provider, signIn: SignInOf | undefined, wanted: number): number {
  if (signIn?.impersonator === undefined) return wanted;
  return Math.max(0, Math.min(wanted, Math.floor((endOfImpersonation(tenant, signIn) - clock()) / 1000)));
}

const endOfImpersonation = ({ profile }: Tenant, { impersonator, auth_time }: SignInOf): number =>
  impersonator === undefined ? Number.POSITIVE_INFINITY : auth_time + 1000 * profile.lifetimes.impersonation;
