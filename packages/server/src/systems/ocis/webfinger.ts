import type { LivingAccessToken } from '../../model/access-token.ts';
import type { Tenant } from '../../model/tenant.ts';
import { findAccessToken } from '../../oauth/access-token.ts';
import { publicJson } from '../../web/headers.ts';
import type { Site, WebContext } from '../../web/site.ts';

const ISSUER = 'http://openid.net/specs/connect/1.0/issuer';
/** Where the files of the person who asks are. */
const SERVER = 'http://webfinger.owncloud/rel/server-instance';

const LONGEST_RESOURCE = 2048;
const HEADERS = { ...publicJson(0), 'content-type': 'application/jrd+json', 'cache-control': 'no-store' };

type Link = Readonly<{ rel: string; href: string }>;

/**
 * Leads from the address that a person typed to the provider, and from a person's access token to their server (RFC 7033 §4.2, OIDC
 * Discovery §2). Knows what is at its own sites, and nothing else.
 */
export async function webfinger(c: WebContext, { provider }: Site): Promise<Response> {
  const { tenant } = provider;
  const resource = c.req.query('resource') ?? '';
  if (resource === '' || resource.length > LONGEST_RESOURCE || !URL.canParse(resource)) return empty(400);
  if (!isHere(new URL(resource), tenant)) return empty(404);
  const authorization = c.req.header('authorization');
  const bearer = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const found = bearer === undefined ? undefined : await findAccessToken(provider, bearer);
  if (bearer !== undefined && found?.user === undefined) return challenge(tenant);
  const wanted = c.req.queries('rel') ?? [];
  const links = linksFor(tenant, found).filter(({ rel }) => wanted.length === 0 || wanted.includes(rel));
  const body = { subject: subjectOf(resource, tenant, found), links };
  return new Response(JSON.stringify(body), { headers: HEADERS });
}

const empty = (status: number): Response => new Response(null, { status, headers: HEADERS });

const challenge = ({ issuer }: Tenant): Response =>
  new Response(null, {
    status: 401,
    headers: { ...HEADERS, 'www-authenticate': `Bearer realm="${issuer}", error="invalid_token"` },
  });

/** Whether an address or an `acct:` name belongs to one of the sites. */
function isHere(resource: URL, { sites }: Tenant): boolean {
  const places = sites.map((site) => new URL(site));
  if (resource.protocol !== 'acct:') return places.some(({ origin }) => origin === resource.origin);
  const host = resource.pathname.slice(resource.pathname.lastIndexOf('@') + 1).toLowerCase();
  return places.some((place) => host === place.host || host === place.hostname);
}

const linksFor = ({ issuer, site }: Tenant, found: LivingAccessToken | undefined): readonly Link[] => [
  { rel: ISSUER, href: issuer },
  ...(found === undefined ? [] : [{ rel: SERVER, href: site }]),
];

/** Programs compare it with what they asked for; only `acct:me` is told by the name of who asks. */
function subjectOf(resource: string, { site }: Tenant, found: LivingAccessToken | undefined): string {
  if (found?.user === undefined || !/^acct:me@/i.test(resource)) return resource;
  return `acct:${found.user.username}@${new URL(site).host}`;
}
