import { type Interaction, interactionExpired, openInteraction } from '../identity/interaction.ts';
import { decide, decline, rememberConsent, resumeAuthorization } from '../oauth/authorize/endpoint.ts';
import { refuse } from '../oauth/error.ts';
import { one, type Params } from '../oauth/params.ts';
import { answer, proceed, sendReply, signedInFor, type Underway } from './authorization-steps.ts';
import { accountsAt, type Browser, knownProofs, readBrowser, signInAt, switchTo } from './browser.ts';
import { showWhichApplication } from './home-routes.ts';
import { sealedIn } from './interaction-query.ts';
import { type LoginWish, showChooser, showConsent, showLogin } from './person-pages.ts';
import { readForm, readQuery } from './request-body.ts';
import { attemptSignIn } from './sign-in.ts';
import type { Route, Site, WebContext } from './site.ts';
import { type Trouble, troublePage } from './trouble.ts';

type Taken = Readonly<
  { kind: 'underway'; underway: Underway; expired: boolean } | { kind: 'trouble'; trouble: Trouble }
>;

/** Takes up the request that a page carries, if it is this browser's. One left open for too long begins anew; nothing is lost. */
export async function takeUp(site: Site, browser: Browser, params: Params): Promise<Taken> {
  const { provider } = site;
  const opened = openInteraction(provider, sealedIn(provider.tenant, params) ?? '', browser.id);
  if (opened.kind !== 'good')
    return { kind: 'trouble', trouble: opened.kind === 'stale' ? 'stale-page' : 'other-browser' };
  const expired = interactionExpired(provider, opened.value);
  const interaction: Interaction = expired
    ? { ...opened.value, startedAt: provider.clock(), accountChosen: false }
    : opened.value;
  const open = await resumeAuthorization(provider, interaction.request);
  return { kind: 'underway', underway: { open, interaction, browser }, expired };
}

/** Shows the login page, or goes on if the person has signed in meanwhile. Without a request it asks where the person comes from. */
export const loginPageRoute: Route = async (c, site) =>
  sealedIn(site.provider.tenant, readQuery(c)) !== undefined
    ? onPage(c, site, 'login')
    : showWhichApplication(c, site, await readBrowser(c, site));

export const chooserPageRoute: Route = (c, site) => onPage(c, site, 'select_account');
export const consentPageRoute: Route = (c, site) => onPage(c, site, 'consent');

async function onPage(
  c: WebContext,
  site: Site,
  page: 'login' | 'select_account' | 'consent',
): Promise<Response> {
  const taken = await takeUp(site, await readBrowser(c, site), readQuery(c));
  if (taken.kind === 'trouble') return troublePage(c, site, taken.trouble);
  const { underway, expired } = taken;
  return proceed(c, site, underway, {
    page,
    render: async (step) => {
      switch (step.kind) {
        case 'sign-in':
          return showLogin(c, site, underway, loginNotice(step.again, expired));
        case 'select-account':
          return showChooser(c, site, underway, await accountsAt(underway.browser, site));
        case 'consent':
          return showConsent(c, site, underway);
      }
    },
  });
}

function loginNotice(again: boolean, expired: boolean): LoginWish {
  if (expired) return { notice: 'expired' };
  return again ? { notice: 'reauthenticate' } : {};
}

/** What a posted form needs before its own work: the browser it belongs to and the request it is about. */
async function posted(
  c: WebContext,
  site: Site,
  work: (underway: Underway, form: Params, expired: boolean) => Promise<Response>,
): Promise<Response> {
  if (isForeignPost(c)) return troublePage(c, site, 'other-browser');
  const form = await readForm(c);
  const taken = await takeUp(site, await readBrowser(c, site), form);
  return taken.kind === 'trouble'
    ? troublePage(c, site, taken.trouble)
    : work(taken.underway, form, taken.expired);
}

/** Posted from another site's page, as the browser itself says (Fetch Metadata). The sealed interaction is the other guard. */
export const isForeignPost = (c: WebContext): boolean =>
  !['same-origin', 'none', undefined].includes(c.req.header('sec-fetch-site'));

const denied = (c: WebContext, site: Site, { open }: Underway): Response =>
  sendReply(c, site, decline(site.provider, open.target, refuse('consent.denied')));

/** Checks username and password and goes on. */
export const loginRoute: Route = (c, site) =>
  posted(c, site, async (underway, form) => {
    if (one(form, 'decision') === 'deny') return denied(c, site, underway);
    const username = one(form, 'username') ?? '';
    const password = one(form, 'password') ?? '';
    if (username.trim() === '' || password === '')
      return failedLogin(c, site, underway, { username, error: 'missing' });
    const outcome = await attemptSignIn(c, site, {
      username,
      password,
      knownBrowser: knownProofs(c, site),
      client_id: underway.open.target.client.metadata.client_id,
    });
    switch (outcome.kind) {
      case 'wrong':
        return failedLogin(c, site, underway, { username, error: 'credentials' });
      case 'wait':
        return failedLogin(c, site, underway, {
          username,
          error: { waitSeconds: (outcome.until - site.provider.clock()) / 1000 },
        });
      case 'locked':
        return failedLogin(c, site, underway, { username, error: 'locked' });
      case 'busy':
        return troublePage(c, site, 'busy');
      case 'signed-in':
        return proceed(c, site, {
          ...underway,
          browser: await signInAt(c, site, underway.browser, outcome.user),
        });
    }
  });

/** Shows the form again with what was wrong. Where a person confirmed who they are, they still do. */
async function failedLogin(
  c: WebContext,
  site: Site,
  underway: Underway,
  wish: LoginWish,
): Promise<Response> {
  const { open, interaction } = underway;
  const step = await decide(site.provider, open, signedInFor(underway), interaction);
  const notice = loginNotice(step.kind === 'sign-in' && step.again, false);
  return showLogin(c, site, underway, { ...notice, ...wish });
}

/** Makes the chosen account the current one, or leads to the login page for another. */
export const chooseAccountRoute: Route = (c, site) =>
  posted(c, site, async (underway, form) => {
    if (one(form, 'decision') === 'deny') return denied(c, site, underway);
    const { browser } = underway;
    const accounts = await accountsAt(browser, site);
    const chosen = accounts.find(({ signedIn }) => signedIn.session.sid === one(form, 'account'));
    const interaction: Interaction = { ...underway.interaction, accountChosen: true };
    if (chosen === undefined) {
      return proceed(c, site, {
        ...underway,
        interaction: { ...interaction, freshSince: site.provider.clock() },
      });
    }
    const handles = [chosen.handle, ...browser.handles.filter((handle) => handle !== chosen.handle)];
    const switched = handles[0] === browser.handles[0] ? browser : await switchTo(c, site, browser, handles);
    return proceed(c, site, { ...underway, interaction, browser: switched });
  });

/** Takes the person's decision. It counts only for whom the page was shown to: after a change of account it is asked again. */
export const consentRoute: Route = (c, site) =>
  posted(c, site, async (underway, form, expired) => {
    const signedIn = signedInFor(underway);
    const decision = one(form, 'decision');
    if (decision === 'deny') return denied(c, site, underway);
    if (decision !== 'allow' || expired || signedIn?.session.sid !== one(form, 'sid'))
      return proceed(c, site, underway);
    return proceed(c, site, underway, {
      page: 'consent',
      render: async (step) => {
        if (step.kind !== 'consent' || signedIn === undefined) return proceed(c, site, underway);
        await rememberConsent(site.provider, underway.open, signedIn);
        return answer(c, site, underway, signedIn);
      },
    });
  });
