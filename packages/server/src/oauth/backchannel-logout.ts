import { signJwt } from '../keys/jwt.ts';
import type { Provider } from '../keys/provider.ts';
import { type Client, isLivingClient } from '../model/client.ts';
import { inSeconds } from '../model/clock.ts';
import { randomText } from '../model/secret.ts';
import type { User } from '../model/user.ts';
import { subjectFor } from './subject.ts';

/** A session that is over. */
export type EndedSession = Readonly<{ id: number; sid: string; user: User }>;

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Seconds; a replay is of no use, for it only ends what has ended (OIDC Back-Channel Logout §2.4). */
const LOGOUT_TOKEN_LIFE = 120;

/**
 * Tells every application that was given anything in these sessions that they are over, where it has registered to hear of it (OIDC
 * Back-Channel Logout §2.5). The person does not wait for that; what cannot be delivered is logged.
 */
export function tellOfLogout(provider: Provider, ended: readonly EndedSession[]): void {
  if (ended.length === 0) return;
  provider.later(async () => {
    await Promise.all(ended.map((session) => tellApplications(provider, session)));
  });
}

async function tellApplications(provider: Provider, session: EndedSession): Promise<void> {
  const { store, tenant } = provider;
  const rows = await store.clientsOfSession(tenant.id, { id: session.id, user_id: session.user.id });
  const clients = await Promise.all(rows.map((row) => store.findClientByRow(tenant.id, row)));
  const told = clients
    .filter((client) => client !== undefined)
    .map((client) => tellApplication(provider, client, session));
  // Each is tried, whatever becomes of the others.
  const failed = (await Promise.allSettled(told)).filter(({ status }) => status === 'rejected');
  if (failed.length > 0) throw new AggregateError(failed.map(reasonOf), 'A logout was not told to all.');
}

const reasonOf = (settled: PromiseSettledResult<void>): unknown =>
  settled.status === 'rejected' ? settled.reason : undefined;

async function tellApplication(provider: Provider, client: Client, session: EndedSession): Promise<void> {
  const { backchannel_logout_uri } = client.metadata;
  if (backchannel_logout_uri === undefined || !isLivingClient(client, provider.clock())) return;
  const logout_token = await makeLogoutToken(provider, client, session);
  await provider.deliver(backchannel_logout_uri, { logout_token });
}

/** OIDC Back-Channel Logout §2.4: with `sub` and `sid`, an event, and never a nonce. */
async function makeLogoutToken(provider: Provider, client: Client, session: EndedSession): Promise<string> {
  const { tenant, keyring, clock, random } = provider;
  const iat = inSeconds(clock());
  const alg = client.metadata.id_token_signed_response_alg ?? tenant.profile.signing_algorithm;
  return signJwt(await keyring.current(alg), 'logout+jwt', {
    iss: tenant.issuer,
    sub: subjectFor(provider, client, session.user),
    aud: client.metadata.client_id,
    iat,
    exp: iat + LOGOUT_TOKEN_LIFE,
    jti: randomText(random, 16),
    events: { [EVENT]: {} },
    sid: session.sid,
  });
}
