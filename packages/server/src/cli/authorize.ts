import { createInterface } from 'node:readline';
import * as oauth from 'oauth4webapi';
import { isLoopbackHost } from '../config/issuer.ts';
import { openBrowser } from './browser.ts';
import { CommandError } from './command-error.ts';
import { listenForAnswer } from './loopback.ts';
import { say } from './terminal.ts';

/** A provider as an application sees it. */
export type Peer = Readonly<{
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  auth: oauth.ClientAuth;
  /** Plain http is for this machine alone, as the issuer is. */
  options: Readonly<{ [oauth.allowInsecureRequests]: boolean; signal: () => AbortSignal }>;
}>;

/** Milliseconds for one answer of the provider. */
const PATIENCE = 15_000;

/** The provider by its own metadata (OIDC Discovery §4). */
export async function discover(
  issuer: string,
  client: oauth.Client,
  auth: oauth.ClientAuth = oauth.None(),
): Promise<Peer> {
  const url = new URL(issuer);
  const options = {
    [oauth.allowInsecureRequests]: url.protocol === 'http:' && isLoopbackHost(url.hostname),
    signal: () => AbortSignal.timeout(PATIENCE),
  };
  try {
    const response = await oauth.discoveryRequest(url, options);
    return { server: await oauth.processDiscoveryResponse(url, response), client, auth, options };
  } catch (fault) {
    throw new CommandError('fault', `${issuer} does not answer as an OpenID provider: ${causeOf(fault)}.`);
  }
}

/** What a library complains of, with the system's own word behind it. */
export function causeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault.cause instanceof Error ? `${fault.message} (${causeOf(fault.cause)})` : fault.message;
}

export type Wish = Readonly<{
  /** The registered redirect, on this machine. */
  redirect_uri: string;
  parameters: Readonly<Record<string, string>>;
  /** `code` where it is left out. What brings tokens to the browser comes back in a form, for a fragment reaches no listener. */
  response_type?: string;
  /** False: the address is printed alone, and the answer may be pasted. */
  browser: boolean;
}>;

/** What came back from a person's sign-in, proven to be the answer to this very request. */
export type SignedIn = Readonly<{
  address: string;
  redirect_uri: string;
  parameters: URLSearchParams;
  code_verifier: string;
  nonce: string;
  /** Tokens that came by the browser. */
  front: Readonly<{ access_token?: string; id_token?: string }>;
}>;

/** Sends a person to the provider and waits for the answer. Refusals are thrown by the library, or as a `CommandError`. */
export async function signPersonIn(peer: Peer, wish: Wish): Promise<SignedIn> {
  const [state, nonce, code_verifier] = [
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
    oauth.generateRandomCodeVerifier(),
  ];
  const { response_type = 'code' } = wish;
  const listener = await listenForAnswer(wish.redirect_uri, state);
  try {
    const url = authorizationEndpoint(peer);
    const parameters = {
      client_id: peer.client.client_id,
      redirect_uri: listener.redirect_uri,
      response_type,
      ...(response_type !== 'code' && { response_mode: 'form_post' }),
      ...(response_type.split(' ').includes('code') && {
        code_challenge: await oauth.calculatePKCECodeChallenge(code_verifier),
        code_challenge_method: 'S256',
      }),
      state,
      nonce,
      ...wish.parameters,
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const answered = await answerTo(url.href, listener.answer, wish.browser);
    const { parameters: brought, front } = apart(answered.searchParams);
    return {
      address: url.href,
      redirect_uri: listener.redirect_uri,
      parameters: oauth.validateAuthResponse(peer.server, peer.client, brought, state),
      code_verifier,
      nonce,
      front,
    };
  } finally {
    listener.close();
  }
}

/** The library takes no answers with tokens in them, so that these are looked at by themselves. */
function apart(answered: URLSearchParams): { parameters: URLSearchParams; front: SignedIn['front'] } {
  const parameters = new URLSearchParams(answered);
  const [access_token, id_token] = [parameters.get('access_token'), parameters.get('id_token')];
  for (const name of ['access_token', 'id_token', 'token_type', 'expires_in']) parameters.delete(name);
  return {
    parameters,
    front: { ...(access_token !== null && { access_token }), ...(id_token !== null && { id_token }) },
  };
}

/** The tokens that the code of a sign-in is worth, with the response they came in. Refusals are thrown by the library. */
export async function redeemCode(
  { server, client, auth, options }: Peer,
  { parameters, redirect_uri, code_verifier, nonce }: SignedIn,
): Promise<Readonly<{ tokens: oauth.TokenEndpointResponse; response: Response }>> {
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    auth,
    parameters,
    redirect_uri,
    code_verifier,
    options,
  );
  const expected = { expectedNonce: nonce };
  return {
    tokens: await oauth.processAuthorizationCodeResponse(server, client, response, expected),
    response,
  };
}

/** Whatever a server calls its address is opened only when a browser is what opens it. */
function authorizationEndpoint({ server: { issuer, authorization_endpoint: text = '' } }: Peer): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (url !== undefined && isSafe) return url;
  throw new CommandError('fault', `${issuer} names no address to sign in at that could be opened safely.`);
}

/** Milliseconds for which a person at the browser is waited for. */
const AT_MOST = 600_000;

async function answerTo(address: string, brought: Promise<URL>, browser: boolean): Promise<URL> {
  say(`Open this address:\n\n  ${address}\n`);
  if (browser) openBrowser(address);
  else
    say(
      'The browser then goes to an address on this machine. If that is another machine than the browser’s, it shows an error: paste the address from its address bar here.',
    );
  const pasted = browser ? undefined : pastedAddress();
  const limit = new AbortController();
  try {
    return await Promise.race([
      brought,
      timeIsUp(limit.signal),
      ...(pasted === undefined ? [] : [pasted.address]),
    ]);
  } finally {
    limit.abort();
    pasted?.close();
  }
}

function timeIsUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(
      () => reject(new CommandError('fault', 'Nobody has signed in within ten minutes.')),
      AT_MOST,
    );
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}

/** The first line that is an address. The end of the input is none: the browser may still answer. */
function pastedAddress(): { address: Promise<URL>; close: () => void } {
  const lines = createInterface({ input: process.stdin });
  const address = new Promise<URL>((resolve) => {
    lines.on('line', (line) => {
      const text = line.trim();
      if (URL.canParse(text)) resolve(new URL(text));
      else if (text !== '') say('That is no address: it begins with http://');
    });
  });
  return { address, close: () => lines.close() };
}
