import type { Provider } from '../keys/provider.ts';
import type { Client } from '../model/client.ts';

/** Milliseconds for which an access token made now can be good: the grant it rests on must be known for as long. */
export const longestTokenLife = ({ tenant }: Provider, { metadata }: Client): number =>
  1000 * Math.max(metadata.access_token_lifetime ?? 0, tenant.profile.lifetimes.access_token);

/** When a refresh token given now ends unless it is used: never later than the line as a whole. Milliseconds. */
export function refreshTokenEnd(
  { tenant, clock }: Provider,
  { metadata }: Client,
  grant: { created_at: number },
): number {
  const { refresh_token, refresh_token_absolute } = tenant.profile.lifetimes;
  return Math.min(
    clock() + 1000 * (metadata.refresh_token_lifetime ?? refresh_token),
    grant.created_at + 1000 * refresh_token_absolute,
  );
}
