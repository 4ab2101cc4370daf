import * as oauth from 'oauth4webapi';
import type { Client } from '../api/types.ts';
import { authorizationAddress, INSECURE, SERVER } from '../provider.ts';
import { takenAnswer } from './answer.ts';
import { registerTrial, removeTrial, TRIAL_REDIRECT } from './trial.ts';

/** What the person wants to try. */
export type Wish = Readonly<{ scope: string; resource: string; asksConsent: boolean }>;

/** What is kept by the tab while the person is at the sign-in; no token is among it. */
type Asked = Readonly<{
  /** The application that is tried, and the client that stands for it. */
  of: string;
  trial: string;
  address: string;
  state: string;
  nonce: string;
  verifier: string;
  resource: string;
}>;

export type Answered = Readonly<Record<string, unknown>>;

/** One request of the flow with what came back. */
export type Step = Readonly<{ title: string; sent: Answered; answered: Answered }>;

export type Outcome = Readonly<{
  of: string;
  steps: readonly Step[];
  /** Why it went no further. */
  fault?: string;
  tokens?: Answered;
  userinfo?: Answered;
  /** Whether the signature of the ID token is by a published key. */
  signature?: string;
}>;

const ASKED = 'signet-console-trial';

/** Registers a trial and leaves for its sign-in. */
export async function beginTrial(client: Client, wish: Wish): Promise<void> {
  const trial = await registerTrial(client);
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const verifier = oauth.generateRandomCodeVerifier();
  const { href: address } = authorizationAddress({
    client_id: trial,
    redirect_uri: TRIAL_REDIRECT,
    response_type: 'code',
    scope: wish.scope,
    ...(wish.resource !== '' && { resource: wish.resource }),
    ...(wish.asksConsent && { prompt: 'consent' }),
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const asked: Asked = {
    of: client.client_id,
    trial,
    address,
    state,
    nonce,
    verifier,
    resource: wish.resource,
  };
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  location.assign(address);
}

let outcome: Promise<Outcome | undefined> | undefined;

/** Goes to the end of the flow once, however often it is asked for; undefined when none was begun in this tab. */
export function finishTrial(): Promise<Outcome | undefined> {
  outcome ??= finish();
  return outcome;
}

function takeAsked(): Asked | undefined {
  const kept = sessionStorage.getItem(ASKED);
  sessionStorage.removeItem(ASKED);
  return kept === null ? undefined : (JSON.parse(kept) as Asked);
}

/** Removes the trial that was begun in this tab and from which the person came back by another way. */
export async function abandonTrial(): Promise<void> {
  const asked = takeAsked();
  if (asked !== undefined) await removeTrial(asked.trial).catch(() => undefined);
}

async function finish(): Promise<Outcome | undefined> {
  const asked = takeAsked();
  if (asked === undefined) return undefined;
  const steps: Step[] = [];
  try {
    return { of: asked.of, ...(await walk(asked, steps)), steps };
  } catch (fault) {
    return { of: asked.of, steps, fault: fault instanceof Error ? fault.message : String(fault) };
  } finally {
    // With it end its tokens, before anybody looks at them.
    await removeTrial(asked.trial).catch(() => undefined);
  }
}

type Walked = Omit<Outcome, 'of' | 'steps'>;

async function walk(asked: Asked, steps: Step[]): Promise<Walked> {
  const answer = takenAnswer();
  const request = Object.fromEntries(new URL(asked.address).searchParams);
  const answered = Object.fromEntries(answer?.searchParams ?? []);
  steps.push({ title: 'Authorization request', sent: request, answered });
  if (answer === undefined) return { fault: 'The answer got lost on the way. Begin anew.' };
  const client: oauth.Client = { client_id: asked.trial };
  const parameters = oauth.validateAuthResponse(SERVER, client, answer, asked.state);
  const extra: Readonly<Record<string, string>> = asked.resource === '' ? {} : { resource: asked.resource };
  const options = { ...INSECURE, additionalParameters: { ...extra } };
  const response = await oauth.authorizationCodeGrantRequest(
    SERVER,
    client,
    oauth.None(),
    parameters,
    TRIAL_REDIRECT,
    asked.verifier,
    options,
  );
  const tokens = await bodyOf(response);
  steps.push({
    title: 'Token request',
    sent: {
      grant_type: 'authorization_code',
      client_id: asked.trial,
      redirect_uri: TRIAL_REDIRECT,
      code: answered['code'],
      code_verifier: asked.verifier,
      ...extra,
    },
    answered: tokens,
  });
  const read = await oauth.processAuthorizationCodeResponse(SERVER, client, response, {
    expectedNonce: asked.nonce,
  });
  const signature = read.id_token === undefined ? undefined : await signatureOf(response);
  const userinfo = await userinfoOf(client, read, steps);
  if (read.refresh_token !== undefined) await refresh(client, read.refresh_token, steps);
  return { tokens, ...(userinfo && { userinfo }), ...(signature !== undefined && { signature }) };
}

/** The JSON of an answer, which stays readable for the library. */
async function bodyOf(response: Response): Promise<Answered> {
  const read: unknown = await response
    .clone()
    .json()
    .catch(() => ({ status: response.status }));
  return typeof read === 'object' && read !== null ? { ...read } : { status: response.status };
}

const signatureOf = (response: Response): Promise<string> =>
  oauth.validateApplicationLevelSignature(SERVER, response, INSECURE).then(
    () => 'good',
    (fault: unknown) => (fault instanceof Error ? fault.message : 'not checked'),
  );

async function userinfoOf(
  client: oauth.Client,
  { access_token, scope = '' }: oauth.TokenEndpointResponse,
  steps: Step[],
): Promise<Answered | undefined> {
  if (SERVER.userinfo_endpoint === undefined || !scope.split(' ').includes('openid')) return undefined;
  const response = await oauth.userInfoRequest(SERVER, client, access_token, INSECURE);
  const answered = await bodyOf(response);
  steps.push({ title: 'Userinfo request', sent: { authorization: 'Bearer (the access token)' }, answered });
  return response.ok ? answered : undefined;
}

async function refresh(client: oauth.Client, token: string, steps: Step[]): Promise<void> {
  const response = await oauth.refreshTokenGrantRequest(SERVER, client, oauth.None(), token, INSECURE);
  const sent = { grant_type: 'refresh_token', client_id: client.client_id, refresh_token: token };
  steps.push({ title: 'Refresh', sent, answered: await bodyOf(response) });
}
