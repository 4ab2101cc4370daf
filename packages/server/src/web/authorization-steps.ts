import { browserState } from '../identity/browser-sessions.ts';
import { type Interaction, sealInteraction } from '../identity/interaction.ts';
import type { SignedIn } from '../model/browser-session.ts';
import type { Endpoint } from '../model/profile.ts';
import { endpointUrl } from '../model/tenant.ts';
import { approve, decide, decline, type OpenRequest } from '../oauth/authorize/endpoint.ts';
import type { NextStep } from '../oauth/authorize/next-step.ts';
import type { AuthorizationReply } from '../oauth/authorize/reply.ts';
import { refuse } from '../oauth/error.ts';
import type { Browser } from './browser.ts';
import { setsCookies } from './cookies.ts';
import { interactionQuery } from './interaction-query.ts';
import { formPostPage } from './pages/form-post.ts';
import { show } from './show.ts';
import type { Site, WebContext } from './site.ts';

/** A request in progress at a browser. */
export type Underway = Readonly<{ open: OpenRequest; interaction: Interaction; browser: Browser }>;

/** The page on which each kind of step is taken. */
const PAGE_OF = {
  'sign-in': 'login',
  'select-account': 'select_account',
  consent: 'consent',
} as const satisfies Record<string, Endpoint>;

export type PersonStep = NextStep & { kind: keyof typeof PAGE_OF };

/** Who counts as signed in for this request: nobody whose sign-in is older than the wish for another account. */
export function signedInFor({ browser, interaction }: Underway): SignedIn | undefined {
  const { signedIn } = browser;
  const since = interaction.freshSince;
  return signedIn !== undefined && since !== undefined && signedIn.session.auth_time <= since
    ? undefined
    : signedIn;
}

/**
 * Does what comes next: answers, or leads to the page of the next step. On that very page, `here` shows it instead; so a reload, the
 * Back button and a second tab all end where the request really stands.
 */
export async function proceed(
  c: WebContext,
  site: Site,
  underway: Underway,
  here?: { page: Endpoint; render: (step: PersonStep) => Promise<Response> },
): Promise<Response> {
  const { provider } = site;
  const { open, interaction, browser } = underway;
  const signedIn = signedInFor(underway);
  const step = await decide(provider, open, signedIn, interaction);
  // The application has nothing to do with it, and the person may have another account.
  if (step.kind === 'refuse' && step.rule === 'access.restricted' && !open.request.prompt.includes('none'))
    throw refuse(step.rule, step.facts);
  if (step.kind === 'refuse')
    return sendReply(c, site, decline(provider, open.target, refuse(step.rule, step.facts)));
  if (step.kind === 'answer') {
    if (signedIn === undefined) throw new Error('A request was to be answered for nobody.');
    return answer(c, site, underway, signedIn);
  }
  const page = PAGE_OF[step.kind];
  if (here?.page === page) return here.render(step);
  const query = interactionQuery(provider.tenant, page, {
    sealed: sealInteraction(provider, interaction, browser.id),
    request: interaction.request,
  });
  return c.redirect(`${endpointUrl(provider.tenant, page)}?${query}`, 303);
}

/** Gives the client what was asked for. */
export async function answer(
  c: WebContext,
  site: Site,
  { open }: Underway,
  signedIn: SignedIn,
): Promise<Response> {
  const { provider } = site;
  return sendReply(
    c,
    site,
    await approve(provider, open, { signedIn, browserState: browserState(provider, signedIn) }),
  );
}

/** Sends the person back to the client with an answer or an error. 303, so that a posted password is never sent on (RFC 9700 §4.12). */
export function sendReply(c: WebContext, site: Site, reply: AuthorizationReply): Response {
  if (reply.kind === 'form_post') return show(c, site, (frame) => formPostPage(frame, reply));
  const headers = {
    location: reply.location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  };
  // A record is written as it is; where cookies are to be added, the framework needs its own object, which costs more than the answer.
  return setsCookies(c) ? c.body(null, 303, headers) : new Response(null, { status: 303, headers });
}
