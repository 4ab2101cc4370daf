import * as oauth from 'oauth4webapi';
import { authorizationAddress, INSECURE, SERVER } from './provider.ts';
import { API, site } from './site.ts';

/** Who is signed in, with the token that speaks for them. It lives in the memory of this page alone. */
type Session = Readonly<{ accessToken: string; idToken: string; expiresAt: number }>;

/** What an authorization request has to remember until its answer comes. */
type Asked = Readonly<{ state: string; nonce: string; verifier: string; returnTo: string }>;

const CLIENT: oauth.Client = { client_id: 'signet-console' };
const REDIRECT = `${site.site}/console/callback`;
const SCOPE = ['openid', 'profile', ...site.scopes].join(' ');

/** Kept by the tab: an authorization request on its way, and that somebody was signed in, so that a silent request has a chance. */
const ASKED = 'signet-console-asked';
const KNOWN = 'signet-console-known';
const LEFT = 'signet-console-left';

/** Renew when so little is left. */
const MARGIN_MS = 30_000;

let session: Session | undefined;
let renewing: Promise<Session | undefined> | undefined;

/** A token for the admin API, renewed without the person when it runs out; undefined when they have to sign in. */
export async function accessToken(): Promise<string | undefined> {
  if (session !== undefined && session.expiresAt - Date.now() > MARGIN_MS) return session.accessToken;
  renewing ??= renew().finally(() => {
    renewing = undefined;
  });
  session = await renewing;
  return session?.accessToken;
}

/** The next request asks for a new token: the server no longer takes the present one. */
export function forgetToken(): void {
  session = undefined;
}

/** Asks with prompt=none, by a request of this page: the answer's address is read, and nothing is shown. */
async function renew(): Promise<Session | undefined> {
  if (localStorage.getItem(KNOWN) === null) return undefined;
  const asked = ask('');
  const response = await fetch(await addressFor(asked, 'none'), { credentials: 'same-origin' });
  if (!response.url.startsWith(`${REDIRECT}?`)) return undefined;
  return redeem(new URL(response.url), asked).catch(() => undefined);
}

/** Leaves for the sign-in page; the person comes back to where they are now. */
export async function signIn(): Promise<void> {
  const asked = ask(location.href);
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  location.assign(await addressFor(asked));
}

/** Takes the answer at the callback; gives the address to go on at, or what went wrong in words. */
export async function finishSignIn(): Promise<{ returnTo: string } | { refused: string }> {
  const kept = sessionStorage.getItem(ASKED);
  if (kept === null)
    return { refused: 'This sign-in was not begun in this tab, or it was finished already.' };
  sessionStorage.removeItem(ASKED);
  const asked = JSON.parse(kept) as Asked;
  try {
    session = await redeem(new URL(location.href), asked);
    localStorage.setItem(KNOWN, 'yes');
    return { returnTo: asked.returnTo };
  } catch (fault) {
    return { refused: refusalOf(fault) };
  }
}

function refusalOf(fault: unknown): string {
  if (fault instanceof oauth.AuthorizationResponseError && fault.error === 'access_denied')
    return 'The sign-in was cancelled.';
  if (fault instanceof oauth.AuthorizationResponseError || fault instanceof oauth.ResponseBodyError)
    return fault.error_description ?? fault.error;
  return fault instanceof Error ? fault.message : 'Something went wrong.';
}

/** Ends the session at the provider, for every application of this browser. */
export function signOut(): void {
  localStorage.removeItem(KNOWN);
  sessionStorage.setItem(LEFT, 'yes');
  const address = new URL(site.endpoints['end_session'] ?? site.site);
  address.searchParams.set('client_id', CLIENT.client_id);
  address.searchParams.set('post_logout_redirect_uri', `${site.site}/console/`);
  if (session !== undefined) address.searchParams.set('id_token_hint', session.idToken);
  session = undefined;
  location.assign(address);
}

/** Whether the person has just signed out in this tab; asked once. */
export function hasLeft(): boolean {
  const left = sessionStorage.getItem(LEFT) !== null;
  sessionStorage.removeItem(LEFT);
  return left && location.pathname === `${site.path}/`;
}

const ask = (returnTo: string): Asked => ({
  state: oauth.generateRandomState(),
  nonce: oauth.generateRandomNonce(),
  verifier: oauth.generateRandomCodeVerifier(),
  returnTo,
});

async function addressFor({ state, nonce, verifier }: Asked, prompt?: 'none'): Promise<URL> {
  return authorizationAddress({
    client_id: CLIENT.client_id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: SCOPE,
    resource: API,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(prompt && { prompt }),
  });
}

async function redeem(answer: URL, { state, nonce, verifier }: Asked): Promise<Session> {
  const parameters = oauth.validateAuthResponse(SERVER, CLIENT, answer, state);
  const response = await oauth.authorizationCodeGrantRequest(
    SERVER,
    CLIENT,
    oauth.None(),
    parameters,
    REDIRECT,
    verifier,
    { ...INSECURE, additionalParameters: { resource: API } },
  );
  const tokens = await oauth.processAuthorizationCodeResponse(SERVER, CLIENT, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  return {
    accessToken: tokens.access_token,
    idToken: tokens.id_token ?? '',
    expiresAt: Date.now() + (tokens.expires_in ?? 60) * 1000,
  };
}
