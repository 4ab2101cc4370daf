import type { Profile } from '../model/profile.ts';
import type { ClientRequest } from '../oauth/client-auth.ts';
import { OAuthError, statusOf, type Told, told } from '../oauth/error.ts';
import { introspectionEndpoint } from '../oauth/introspect.ts';
import { publishedKeySet } from '../oauth/key-set.ts';
import { type Params, redacted } from '../oauth/params.ts';
import { revocationEndpoint } from '../oauth/revoke.ts';
import { tokenEndpoint } from '../oauth/token/endpoint.ts';
import { userinfoEndpoint } from '../oauth/userinfo.ts';
import { authenticateHeader } from './challenge.ts';
import { endOfTurn } from './end-of-turn.ts';
import { noteForm } from './exchange.ts';
import { EMPTY_FOR_BROWSERS, publicJson, SECRET_JSON, SECRET_JSON_FOR_BROWSERS } from './headers.ts';
import { signInByPassword } from './password-sign-in.ts';
import { readForm, readQuery } from './request-body.ts';
import type { Route, Site, WebContext } from './site.ts';

type Headers = Readonly<Record<string, string>>;
type Work = (request: ClientRequest, site: Site, c: WebContext) => Promise<Response>;

/** An endpoint to which clients post forms: the form is read, the work done, and a refusal told as JSON (RFC 6749 §5.2). */
const clientEndpoint =
  (endpoint: string, headers: Headers, work: Work): Route =>
  async (c, site) => {
    let params: Params | undefined;
    try {
      params = await readForm(c);
      noteForm(endpoint, params);
      const answer = await work({ params, authorization: c.req.header('authorization') }, site, c);
      await endOfTurn();
      return answer;
    } catch (fault) {
      return refusal(c, site, { fault, endpoint, headers, params });
    }
  };

const json = (value: unknown, headers: Headers): Response => new Response(JSON.stringify(value), { headers });

export const tokenRoute = clientEndpoint('token', SECRET_JSON_FOR_BROWSERS, async (request, site, c) =>
  json(
    await tokenEndpoint(site.provider, request, (username, password) =>
      signInByPassword(c, site, { username, password }),
    ),
    SECRET_JSON_FOR_BROWSERS,
  ),
);

export const introspectionRoute = clientEndpoint(
  'introspection',
  SECRET_JSON,
  async (request, { provider }) => json(await introspectionEndpoint(provider, request), SECRET_JSON),
);

export const revocationRoute = clientEndpoint(
  'revocation',
  SECRET_JSON_FOR_BROWSERS,
  async (request, { provider }) => {
    await revocationEndpoint(provider, request);
    return new Response(null, { headers: EMPTY_FOR_BROWSERS });
  },
);

/** Userinfo by GET or POST (OIDC Core §5.3.1). */
export const userinfoRoute: Route = async (c, site) => {
  const headers = SECRET_JSON_FOR_BROWSERS;
  try {
    const posted = c.req.method === 'POST' && c.req.header('content-type') !== undefined;
    const form = posted ? await readForm(c) : undefined;
    const request = { authorization: c.req.header('authorization'), form, query: readQuery(c) };
    const userinfo = await userinfoEndpoint(site.provider, request);
    await endOfTurn();
    if (userinfo.kind === 'json') return json(userinfo.claims, headers);
    return new Response(userinfo.jwt, { headers: { ...headers, 'content-type': 'application/jwt' } });
  } catch (fault) {
    return refusal(c, site, { fault, endpoint: 'userinfo', headers, params: undefined });
  }
};

export const jwksRoute: Route = async (c, site) => {
  try {
    const { document, maxAge } = await publishedKeySet(site.provider);
    const { jwks_media_type } = site.provider.tenant.profile;
    return new Response(document, {
      headers: { ...publicJson(maxAge), 'content-type': jwks_media_type },
    });
  } catch (fault) {
    return refusal(c, site, {
      fault,
      endpoint: 'jwks',
      headers: SECRET_JSON_FOR_BROWSERS,
      params: undefined,
    });
  }
};

type Failure = Readonly<{ fault: unknown; endpoint: string; headers: Headers; params: Params | undefined }>;

/** A refusal by its rule; anything else is a fault of ours, which is never told as a success nor in detail. */
function refusal(c: WebContext, site: Site, { fault, endpoint, headers, params }: Failure): Response {
  if (!(fault instanceof OAuthError)) return brokenOff(site, endpoint, headers, fault);
  const client_id = params?.get('client_id')?.[0]?.slice(0, 255) ?? textOf(fault.facts['client_id']);
  const reference = site.provider.recordRefusal({
    rule: fault.rule,
    error: fault.error,
    endpoint,
    client_id: client_id === '' ? null : client_id,
    facts: { ...fault.facts, ...(params && { request: redacted(params) }) },
  });
  const { profile } = site.provider.tenant;
  const { error, error_description, status } = told(fault, reference, profile);
  const challenge = authenticateHeader(c, site, fault, error_description);
  return new Response(errorBody({ error, error_description, status }, profile), {
    status,
    headers: challenge === undefined ? headers : { ...headers, 'www-authenticate': challenge },
  });
}

/** RFC 6749 §5.2, with the status once more where the profile's clients look for it. */
export const errorBody = ({ error, error_description, status }: Told, profile: Profile): string =>
  JSON.stringify({
    error,
    error_description,
    ...(profile.status_code_in_errors && { status_code: status }),
  });

function brokenOff(site: Site, endpoint: string, headers: Headers, fault: unknown): Response {
  site.log.error({ err: fault, endpoint }, 'A request could not be answered.');
  const away = fault instanceof Error && fault.name === 'StoreUnavailable';
  const error = away ? 'temporarily_unavailable' : 'server_error';
  const error_description = away
    ? 'The server cannot store anything at the moment.'
    : 'The server met a fault of its own.';
  const status = statusOf(error);
  return new Response(errorBody({ error, error_description, status }, site.provider.tenant.profile), {
    status,
    headers: away ? { ...headers, 'retry-after': '5' } : headers,
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
