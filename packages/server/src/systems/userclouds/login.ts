import { endpointUrl } from '../../model/tenant.ts';
import { proceed, type Underway } from '../../web/authorization-steps.ts';
import { knownProofs, readBrowser, signInAt } from '../../web/browser.ts';
import { isForeignPost, takeUp } from '../../web/person-routes.ts';
import { attemptSignIn } from '../../web/sign-in.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Answer, isRefusal, isSentAsJson, readJson, refusal, textOf } from './json-route.ts';

/**
 * Signs a person in for a page that an operator has made in the place of Signet's: `session_id` is the sealed request in the page's
 * address, good at this browser alone. JSON from another site's page needs a preflight, which nothing here answers.
 */
export async function postLogin(c: WebContext, site: Site): Promise<Answer> {
  if (isForeignPost(c)) return refusal(403, 'This page is of another site.');
  if (!isSentAsJson(c)) return refusal(415, 'The body must be sent as application/json.');
  const body = await readJson(c);
  if (isRefusal(body)) return body;
  const [username, password, session_id] = ['username', 'password', 'session_id'].map((name) =>
    textOf(body, name),
  );
  if (!username || !password || !session_id)
    return refusal(400, 'username, password and session_id are needed.');
  const taken = await takeUp(site, await readBrowser(c, site), new Map([['session_id', [session_id]]]));
  if (taken.kind === 'trouble') return refusal(400, 'The session_id is not valid at this browser.');
  const { underway } = taken;
  const { client_id } = underway.open.target.client.metadata;
  const attempt = { username, password, knownBrowser: knownProofs(c, site), client_id };
  const outcome = await attemptSignIn(c, site, attempt);
  switch (outcome.kind) {
    case 'wrong':
      return refusal(400, 'Incorrect username or password');
    case 'wait':
    case 'locked':
      return refusal(403, 'call volume exceeded');
    case 'busy':
      return refusal(503, 'Too many passwords are being checked.');
    case 'signed-in': {
      const browser = await signInAt(c, site, underway.browser, outcome.user);
      return {
        status: 200,
        body: { redirect_to: await nextPlace(c, site, { ...underway, browser }, session_id) },
      };
    }
  }
}

/** Where the browser goes from here: back to the application, or to the next page. An answer that is a form is asked for by a page of its own. */
async function nextPlace(c: WebContext, site: Site, underway: Underway, session_id: string): Promise<string> {
  const location = (await proceed(c, site, underway)).headers.get('location');
  // The redirect has left its mark on the answer, which is none.
  c.header('location', undefined);
  const { tenant } = site.provider;
  const { parameter } = tenant.profile.interaction.login;
  return (
    location ??
    `${endpointUrl(tenant, 'login')}?${new URLSearchParams({ [parameter]: session_id }).toString()}`
  );
}
