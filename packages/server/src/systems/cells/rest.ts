import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { OAuthError, told } from '../../oauth/error.ts';
import { withBodyLimit } from '../../web/body-limit.ts';
import { SECRET_JSON } from '../../web/headers.ts';
import type { Site, WebContext } from '../../web/site.ts';
import type { TenantApp } from '../../web/tenant-app.ts';

/** Values of a JSON object, whatever they are. */
export type Json = Readonly<Record<string, unknown>>;

/** What answers one request: an object that is sent as JSON, or a whole answer. A `RestRefusal` is thrown. */
export type Work = (c: WebContext, site: Site) => Promise<Json | Response>;

/** What is refused, told in the one shape of Cells: a code for programs, a title, and the detail that helps. */
export class RestRefusal extends Error {
  override name = 'RestRefusal';
  readonly status: number;
  readonly code: string;
  readonly detail: string;

  constructor(status: number, code: string, [title, detail]: readonly [title: string, detail: string]) {
    super(title);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

export const badInput = (detail: string): RestRefusal =>
  new RestRefusal(400, 'invalid.parameters', ['The request is not in order.', detail]);

export const notFound = (detail: string): RestRefusal =>
  new RestRefusal(404, 'not.found', ['There is no such thing here.', detail]);

export const forbidden = (detail: string): RestRefusal =>
  new RestRefusal(403, 'forbidden', ['You may not do this.', detail]);

export const unauthorized = (detail: string): RestRefusal =>
  new RestRefusal(401, 'unauthorized', ['You are not signed in, or may not sign in.', detail]);

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Place = Readonly<Partial<Record<Method, Work>>>;

/** Mounts what a path answers to, by method; any other method is refused. */
export function mountPlace(app: TenantApp, site: Site, path: string, place: Place): void {
  for (const [method, work] of Object.entries(place)) {
    const route = withBodyLimit((c, at) => answered(c, at, work), tooLarge);
    app.on(method, path, (c) => route(c, site));
  }
  const allow = Object.keys(place).join(', ');
  const wrongMethod = new RestRefusal(405, 'method.not.allowed', ['This address has other methods.', allow]);
  app.all(path, (c) => refused(c, site, wrongMethod, { allow }));
}

const tooLarge = (c: WebContext, site: Site): Response =>
  refused(c, site, new RestRefusal(413, 'too.large', ['The request is too large.', 'Send less at once.']));

/** Does the work; whatever goes wrong has the same shape. */
export async function answered(c: WebContext, site: Site, work: Work): Promise<Response> {
  try {
    const answer = await work(c, site);
    // Through the framework's own object, which knows of the cookies.
    return answer instanceof Response ? answer : c.body(JSON.stringify(answer), 200, SECRET_JSON);
  } catch (fault) {
    return refused(c, site, fault);
  }
}

function refused(
  c: WebContext,
  site: Site,
  fault: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const refusal = asRefusal(site, fault);
  const { tenant } = site.provider;
  const challenge =
    refusal.status === 401 ? { 'www-authenticate': `Bearer realm="${tenant.issuer}"` } : undefined;
  const body = { Code: refusal.code, Title: refusal.message, Detail: refusal.detail };
  const status = refusal.status as ContentfulStatusCode;
  return c.body(JSON.stringify(body), status, { ...SECRET_JSON, ...challenge, ...headers });
}

function asRefusal(site: Site, fault: unknown): RestRefusal {
  if (fault instanceof RestRefusal) return fault;
  if (fault instanceof OAuthError) return ofRule(site, fault);
  site.log.error({ err: fault }, 'A request could not be answered.');
  return fault instanceof Error && fault.name === 'StoreUnavailable'
    ? new RestRefusal(503, 'unavailable', ['Nothing can be stored at the moment.', 'Try again in a moment.'])
    : new RestRefusal(500, 'internal', ['The server met a fault of its own.', 'Its log says more.']);
}

/** A broken rule of the protocol, kept for the operator like any other. */
function ofRule({ provider }: Site, fault: OAuthError): RestRefusal {
  const { rule, error, facts } = fault;
  const reference = provider.recordRefusal({ rule, error, endpoint: 'rest', client_id: null, facts });
  const { error: name, error_description, status } = told(fault, reference, provider.tenant.profile);
  return new RestRefusal(status, name, [fault.message, error_description]);
}

/** The JSON object in the body; empty where there is no body. Another content type could dodge a browser's preflight. */
export async function readJson(c: WebContext): Promise<Json> {
  const text = await c.req.text();
  if (text === '') return {};
  const contentType = c.req.header('content-type') ?? '';
  if (!/^application\/json *(;|$)/i.test(contentType))
    throw new RestRefusal(415, 'unsupported.media.type', [
      'The body is no JSON.',
      'Send it with the content type application/json.',
    ]);
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badInput('The body is not a JSON object.');
  return value as Json;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, wellFormed);
  } catch {
    throw badInput('The body is not JSON, or has characters that are none.');
  }
}

/** No database keeps NUL or half a character. */
function wellFormed(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text === 'string' && (text.includes('\0') || !text.isWellFormed()))
      throw new SyntaxError('no character');
  }
  return value;
}
