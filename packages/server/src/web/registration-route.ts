import {
  deleteRegistration,
  type ManagementAnswer,
  type ManagementRequest,
  readRegistration,
  replaceRegistration,
} from '../admin/manage-registration.ts';
import { type RegistrationAnswer, registerClient } from '../admin/register-client.ts';
import { bearerIn } from '../oauth/bearer.ts';
import { actingAs } from './acting.ts';
import { clientAddress, networkOf } from './client-address.ts';
import { EMPTY_FOR_BROWSERS, SECRET_JSON_FOR_BROWSERS } from './headers.ts';
import type { Route, Site, WebContext } from './site.ts';

/** The registration endpoint (RFC 7591 §3.1), where it is switched on. */
export const registrationRoute: Route = async (c, site) => {
  const network = networkOf(clientAddress(c, site.trustedProxies));
  const request = { body: await jsonOf(c), bearer: bearerOf(c), network };
  return told(site, await registerClient(actingAs(c, site, 'nobody'), request));
};

/** The client configuration endpoint (RFC 7592 §2): the same address with the client_id in its query. */
export const readRegistrationRoute: Route = async (c, site) =>
  told(site, await readRegistration(actingAs(c, site, 'nobody'), requestOf(c)));

export const replaceRegistrationRoute: Route = async (c, site) =>
  told(site, await replaceRegistration(actingAs(c, site, 'nobody'), requestOf(c), await jsonOf(c)));

export const deleteRegistrationRoute: Route = async (c, site) =>
  told(site, await deleteRegistration(actingAs(c, site, 'nobody'), requestOf(c)));

const requestOf = (c: WebContext): ManagementRequest => ({
  client_id: new URL(c.req.url).searchParams.get('client_id') ?? '',
  bearer: bearerOf(c),
});

/** The token in the header (RFC 6750 §2.1), the one way in which it is taken. */
function bearerOf(c: WebContext): string | undefined {
  const sent = c.req.header('authorization');
  return sent === undefined ? undefined : (bearerIn(sent) ?? '');
}

/** The JSON of the body; undefined where it is none. */
async function jsonOf(c: WebContext): Promise<unknown> {
  if (!/^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '')) return undefined;
  try {
    return JSON.parse(await c.req.text());
  } catch {
    return undefined;
  }
}

function told(site: Site, outcome: RegistrationAnswer | ManagementAnswer): Response {
  switch (outcome.kind) {
    case 'registered':
      return answer(201, outcome.document);
    case 'client':
      return answer(200, outcome.document);
    case 'deleted':
      return new Response(null, { status: 204, headers: EMPTY_FOR_BROWSERS });
    case 'fault':
      return answer(400, { error: outcome.error, error_description: outcome.description });
    case 'wait': {
      const seconds = Math.max(1, Math.ceil((outcome.until - site.provider.clock()) / 1000));
      const error_description = 'Too many applications were registered from here. Try again later.';
      return answer(
        429,
        { error: 'temporarily_unavailable', error_description },
        { 'retry-after': String(seconds) },
      );
    }
    case 'unauthorized':
      return challenged(site, 401, outcome.sent ? NOT_GOOD : NEEDED);
    case 'forbidden':
      return challenged(site, 403, NOT_ITS_OWN);
  }
}

type Challenge = Readonly<{ error: string; error_description: string; isTold: boolean }>;

const NEEDED: Challenge = {
  error: 'invalid_token',
  error_description: 'A token is needed in the Authorization header.',
  // No error where no token was sent at all (RFC 6750 §3.1).
  isTold: false,
};
const NOT_GOOD: Challenge = {
  error: 'invalid_token',
  error_description: 'The token is not good here, or not any more.',
  isTold: true,
};
const NOT_ITS_OWN: Challenge = {
  error: 'insufficient_scope',
  error_description: 'An administrator has changed this application, and alone does so from now on.',
  isTold: true,
};

/** RFC 6750 §3. */
function challenged({ provider }: Site, status: 401 | 403, challenge: Challenge): Response {
  const { error, error_description, isTold } = challenge;
  const realm = `Bearer realm="${provider.tenant.issuer}"`;
  return answer(
    status,
    { error, error_description },
    {
      'www-authenticate': isTold
        ? `${realm}, error="${error}", error_description="${error_description}"`
        : realm,
    },
  );
}

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { ...SECRET_JSON_FOR_BROWSERS, ...headers } });
