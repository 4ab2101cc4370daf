import { endpointUrl } from '../model/tenant.ts';
import type { OAuthError } from '../oauth/error.ts';
import { OAuthError as Refusal } from '../oauth/error.ts';
import type { Params } from '../oauth/params.ts';
import { redacted } from '../oauth/params.ts';
import { errorPage, type PageLink } from './pages/error.ts';
import type { Frame } from './pages/frame.ts';
import type { TextKey } from './pages/texts/en.ts';
import { show } from './show.ts';
import type { Site, WebContext } from './site.ts';

/** What can go wrong for a person at a page, each with a title and a sentence in the catalogue of texts. */
const STATUS = {
  'client-unknown': 400,
  'redirect-uri': 400,
  request: 400,
  'stale-page': 400,
  'other-browser': 403,
  logout: 400,
  denied: 403,
  restricted: 403,
  setup: 403,
  reset: 400,
  'too-large': 413,
  'not-found': 404,
  busy: 503,
  unavailable: 503,
  internal: 500,
} as const;

export type Trouble = keyof typeof STATUS;

type Particulars = Readonly<{ error?: string; reference?: string; links?: readonly PageLink[] }>;

/** Shows a page that says what happened and what to do. */
export function troublePage(
  c: WebContext,
  site: Site,
  trouble: Trouble,
  particulars: Particulars = {},
): Response {
  const provider = site.provider.tenant.display_name;
  const title: TextKey = `trouble.${trouble}.title`;
  const message: TextKey = `trouble.${trouble}`;
  if (STATUS[trouble] === 503) c.header('retry-after', '5');
  return show(
    c,
    site,
    (frame) =>
      errorPage(frame, {
        title: frame.t(title),
        message: frame.t(message, { provider }),
        ...(trouble === 'logout' && { links: [signOutLink(site, frame)] }),
        ...(WITHOUT_APPLICATION.includes(trouble) && { links: [homeLink(site, frame)] }),
        ...particulars,
      }),
    { status: STATUS[trouble] },
  );
}

/** Troubles after which nobody knows which application to go back to. */
const WITHOUT_APPLICATION: readonly Trouble[] = ['stale-page', 'other-browser', 'setup', 'not-found'];

const homeLink = ({ provider }: Site, { t }: Frame): PageLink => ({
  href: endpointUrl(provider.tenant, 'home'),
  label: t('trouble.home'),
});

/** Where an application's way out is refused, the person finds their own. */
const signOutLink = ({ provider }: Site, { t }: Frame): PageLink => ({
  href: endpointUrl(provider.tenant, 'end_session'),
  label: t('trouble.logout.action'),
});

/** A refusal that belongs on a page, because there is no proven place to send it to. Nothing of the request is shown. */
export function refusalPage(
  c: WebContext,
  site: Site,
  refusal: { error: OAuthError; endpoint: string; params?: Params },
): Response {
  const { error, endpoint, params } = refusal;
  const reference = site.provider.recordRefusal({
    rule: error.rule,
    error: error.error,
    endpoint,
    client_id: params?.get('client_id')?.[0]?.slice(0, 255) ?? null,
    facts: { ...error.facts, ...(params && { request: redacted(params) }) },
  });
  return troublePage(c, site, troubleOf(error, endpoint), { error: error.error, reference });
}

function troubleOf({ rule }: OAuthError, endpoint: string): Trouble {
  if (endpoint === 'end_session') return 'logout';
  if (rule === 'client.unknown' || rule === 'client.disabled') return 'client-unknown';
  if (rule === 'redirect-uri.unregistered') return 'redirect-uri';
  if (rule === 'access.restricted') return 'restricted';
  return 'request';
}

/** What any page does when its work is broken off: a refusal is explained, a fault is admitted and logged, none is a success. */
export function brokenOffPage(c: WebContext, site: Site, endpoint: string, fault: unknown): Response {
  if (fault instanceof Refusal) return refusalPage(c, site, { error: fault, endpoint });
  const name = fault instanceof Error ? fault.name : '';
  site.log.error({ err: fault, endpoint }, 'A page could not be made.');
  if (name === 'StoreUnavailable') return troublePage(c, site, 'unavailable');
  return troublePage(c, site, name === 'HashingBusy' ? 'busy' : 'internal');
}
