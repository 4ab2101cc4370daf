import type { Provider } from '../keys/provider.ts';
import type { Grant } from '../model/authorization.ts';
import type { BrowserSession } from '../model/browser-session.ts';
import { isoTime } from '../model/clock.ts';
import type { Consent } from '../model/consent.ts';
import { formatScope } from '../model/scope.ts';
import type { User } from '../model/user.ts';

type OfUser<Row> = Row & Readonly<{ user: User }>;

export const sessionShown = ({ user, ...session }: OfUser<BrowserSession>) => ({
  id: String(session.id),
  sid: session.sid,
  sub: user.sub,
  username: user.username,
  signed_in_at: isoTime(session.auth_time),
  last_seen_at: isoTime(session.last_seen_at),
  expires_at: isoTime(session.expires_at),
  user_agent: session.user_agent,
  impersonator: session.impersonator,
});

export async function grantShown(provider: Provider, { user, authorization, ...grant }: Grant) {
  const isRefreshed = grant.refresh_expires_at > 0;
  return {
    id: String(grant.id),
    sub: user.sub,
    username: user.username,
    client_id: await clientIdOf(provider, grant.client_row),
    scope: formatScope(authorization.scope),
    resources: authorization.resources,
    created_at: isoTime(grant.created_at),
    used_at: grant.refresh_rotated_at === 0 ? null : isoTime(grant.refresh_rotated_at),
    expires_at: isoTime(isRefreshed ? grant.refresh_expires_at : grant.expires_at),
    has_refresh_token: isRefreshed,
  };
}

export const consentShown = async (provider: Provider, { user, ...consent }: OfUser<Consent>) => ({
  sub: user.sub,
  username: user.username,
  client_id: await clientIdOf(provider, consent.client_row),
  scope: formatScope(consent.scope),
  resources: consent.resources,
  claims: consent.claims,
  granted_at: isoTime(consent.granted_at),
});

async function clientIdOf({ store, tenant }: Provider, row: number): Promise<string | null> {
  return (await store.findClientByRow(tenant.id, row))?.metadata.client_id ?? null;
}
