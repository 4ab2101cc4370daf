import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import { PASSWORD_ACR, type SignedIn, sessionIsLive } from '../model/browser-session.ts';
import {
  formatHandle,
  newHandleSecret,
  parseHandle,
  randomText,
  sameBytes,
  sha256,
} from '../model/secret.ts';
import type { User } from '../model/user.ts';

const PREFIX = 'sgbs_';
/** Milliseconds between two notes of when a session was last used. */
const TOUCH_EVERY = 60_000;

/** Who is at the browser that holds this handle, or undefined when the session is over or the person may not come in. */
export async function findSignedIn(provider: Provider, text: string): Promise<SignedIn | undefined> {
  const { store, tenant, clock, recentSessions } = provider;
  const handle = parseHandle(PREFIX, text);
  const signedIn = handle && (await findSession(provider, handle.id));
  if (handle === undefined || signedIn === undefined) return undefined;
  const { session } = signedIn;
  if (!sameBytes(sha256(handle.secret), session.secret_hash)) return undefined;
  const now = clock();
  if (!sessionIsLive(session, now, 1000 * tenant.profile.lifetimes.session_idle)) return undefined;
  if (now - session.last_seen_at > TOUCH_EVERY) {
    recentSessions.delete(nameOf(tenant.id, session.id));
    await store.touchSession(tenant.id, session.id, now);
  }
  return signedIn;
}

/** The session with its user, who may come in; looked up again only when something may have changed since the last time. */
async function findSession(provider: Provider, id: number): Promise<SignedIn | undefined> {
  const { store, tenant, recentSessions } = provider;
  const changes = store.changes();
  const known = recentSessions.get(nameOf(tenant.id, id));
  if (known !== undefined && changes !== undefined && known.changes === changes) return known.signedIn;
  const session = await store.findSession(tenant.id, id);
  if (session === undefined || session.user.disabled_at !== null) return undefined;
  const signedIn = { session, user: session.user };
  recentSessions.set(nameOf(tenant.id, id), { signedIn, changes });
  return signedIn;
}

const nameOf = (tenant: number, id: number): string => `${tenant} ${id}`;

/**
 * Signs the person in at this browser and returns the handle for its cookie. It is always a new one: an earlier handle of the same
 * session is dead from now on (session fixation).
 */
export async function beginSession(
  provider: Provider,
  user: User,
  browser: { current: SignedIn | undefined; userAgent: string },
): Promise<string> {
  const { store, tenant, clock, random } = provider;
  const now = clock();
  const secret = newHandleSecret(random);
  const proven = {
    secret_hash: sha256(secret),
    auth_time: now,
    amr: ['pwd'],
    acr: PASSWORD_ACR,
    expires_at: now + 1000 * tenant.profile.lifetimes.session,
  };
  const { current } = browser;
  if (current?.user.id === user.id) {
    const renewed = await store.renewSession(tenant.id, current.session.id, proven);
    if (renewed === 'renewed') return formatHandle(PREFIX, { id: current.session.id, secret });
  }
  const id = await store.startSession(tenant.id, {
    ...proven,
    user_id: user.id,
    sid: randomText(random, 16),
    user_agent: browser.userAgent.slice(0, 300),
    created_at: now,
    last_seen_at: now,
    impersonator: null,
  });
  return formatHandle(PREFIX, { id, secret });
}

/** A session that no browser holds: what is given on it ends with it. */
export async function beginSessionWithoutBrowser(
  provider: Provider,
  user: User,
  { userAgent, impersonator = null }: { userAgent: string; impersonator?: string | null },
): Promise<SignedIn> {
  const { store, tenant, clock, random } = provider;
  const now = clock();
  const session = {
    secret_hash: sha256(newHandleSecret(random)),
    auth_time: now,
    amr: ['pwd'],
    acr: PASSWORD_ACR,
    expires_at: now + 1000 * tenant.profile.lifetimes.session,
    user_id: user.id,
    sid: randomText(random, 16),
    user_agent: userAgent.slice(0, 300),
    created_at: now,
    last_seen_at: now,
    impersonator,
  };
  const id = await store.startSession(tenant.id, session);
  return { session: { ...session, id, ended_at: null }, user };
}

/** States of sessions that are remembered, so that each is computed once. */
const states = new WeakMap<SignedIn, string>();

/** Changes whenever the person at the browser does; a page of a client may compare it (OIDC Session Management §3.2). */
export function browserState(provider: Provider, signedIn: SignedIn | undefined): string {
  const known = signedIn && states.get(signedIn);
  if (known !== undefined) return known;
  const who = signedIn === undefined ? 'nobody' : signedIn.session.sid;
  const state = mac(provider.secrets.forms, `browser state ${who}`).toString('base64url');
  if (signedIn !== undefined) states.set(signedIn, state);
  return state;
}

/** Signs out: the sessions end with everything that was not given for offline use. */
export async function endBrowserSessions(provider: Provider, all: readonly SignedIn[]): Promise<void> {
  const { store, tenant, clock } = provider;
  await Promise.all(all.map(({ session }) => store.endSession(tenant.id, session.id, clock())));
}
