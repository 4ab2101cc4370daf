import { getClient } from '../../admin/clients.ts';
import { sealInteraction } from '../../identity/interaction.ts';
import { endpointUrl } from '../../model/tenant.ts';
import type { User } from '../../model/user.ts';
import { tokenEndpoint } from '../../oauth/token/endpoint.ts';
import { proceed, type Underway } from '../../web/authorization-steps.ts';
import { type Browser, knownProofs, signInAt } from '../../web/browser.ts';
import { interactionQuery } from '../../web/interaction-query.ts';
import { takeUp } from '../../web/person-routes.ts';
import { attemptSignIn } from '../../web/sign-in.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { badInput, forbidden, type Json, RestRefusal, unauthorized } from './rest.ts';
import { FRONTEND, type SessionWay, signedInAt, tokenAnswer, tokensOf } from './session-answer.ts';

/** A password: it begins a session, and answers the request that waits for it, where a `challenge` names one. */
export const signInWithPassword: SessionWay = async (c, site, info, browser) => {
  const { login = '', password = '', challenge } = info;
  if (login.trim() === '' || password === '') throw unauthorized('The login or the password is missing.');
  const underway = challenge === undefined ? undefined : await underwayWith(site, browser, challenge);
  const user = await userWith(c, site, login, password);
  const here = await signInAt(c, site, browser, user);
  if (underway !== undefined) return whereTo(c, site, { ...underway, browser: here });
  return tokensOf(site, signedInAt(here));
};

/** The request that waits is answered for whoever is signed in at this browser. */
export const answerChallenge: SessionWay = async (c, site, { challenge = '' }, browser) => {
  if (challenge === '') throw badInput('The challenge is missing.');
  const underway = await underwayWith(site, browser, challenge);
  signedInAt(browser);
  return whereTo(c, site, underway);
};

/** A code of the front end itself for its tokens. It begins no session: a page could be made to bring somebody else's. */
export const exchangeCode: SessionWay = async (_c, site, { code, code_verifier }) => {
  const frontend = await getClient(site.provider, FRONTEND);
  const [redirect_uri = ''] = frontend?.redirect_uris ?? [];
  const form = {
    grant_type: 'authorization_code',
    client_id: FRONTEND,
    redirect_uri,
    code: code ?? '',
    ...(code_verifier !== undefined && { code_verifier }),
  };
  const params = new Map(Object.entries(form).map(([name, value]) => [name, [value]]));
  const noPassword = async (): Promise<never> => {
    throw new Error('A code is no password.');
  };
  return tokenAnswer(
    site,
    await tokenEndpoint(site.provider, { params, authorization: undefined }, noPassword),
  );
};

async function userWith(c: WebContext, site: Site, username: string, password: string): Promise<User> {
  const attempt = { username, password, knownBrowser: knownProofs(c, site), client_id: FRONTEND };
  const outcome = await attemptSignIn(c, site, attempt);
  switch (outcome.kind) {
    case 'signed-in':
      return outcome.user;
    case 'locked':
      throw unauthorized('The account is locked; an administrator can unlock it.');
    case 'wrong':
      throw unauthorized('The login or the password is wrong.');
    case 'wait':
      throw new RestRefusal(429, 'login.wait', [
        'There were too many attempts.',
        `Try again in ${Math.max(1, Math.ceil((outcome.until - site.provider.clock()) / 1000))} seconds.`,
      ]);
    case 'busy':
      throw new RestRefusal(503, 'unavailable', [
        'Too many passwords are being checked.',
        'Try again in a moment.',
      ]);
  }
}

async function underwayWith(site: Site, browser: Browser, challenge: string): Promise<Underway> {
  const taken = await takeUp(site, browser, new Map([['login_challenge', [challenge]]]));
  if (taken.kind === 'underway') return taken.underway;
  throw taken.trouble === 'other-browser'
    ? forbidden('The challenge is that of another browser.')
    : badInput('The challenge is not one of this server, or was spoilt on the way.');
}

/** Where the browser has to go: to the application with its answer, or to a page where something is still to be done. */
async function whereTo(c: WebContext, site: Site, underway: Underway): Promise<Json> {
  const answer = await proceed(c, site, underway);
  const location = answer.headers.get('location');
  if (location !== null) return { RedirectTo: location };
  // An answer that has to be posted is made by the page, which finds the person signed in.
  const { tenant } = site.provider;
  const { interaction, browser } = underway;
  const sealed = sealInteraction(site.provider, interaction, browser.id);
  const query = interactionQuery(tenant, 'login', { sealed, request: interaction.request });
  return { RedirectTo: `${endpointUrl(tenant, 'login')}?${query}` };
}
