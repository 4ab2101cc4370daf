import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { OAuthError } from '../../oauth/error.ts';
import { withBodyLimit } from '../../web/body-limit.ts';
import { endOfTurn } from '../../web/end-of-turn.ts';
import { currentExchange, requestId } from '../../web/exchange.ts';
import { SECRET_JSON } from '../../web/headers.ts';
import type { Route, Site, WebContext } from '../../web/site.ts';

/** A request that is not met: the words its caller reads, and the status. */
export type Refusal = Readonly<{ refused: string; status: ContentfulStatusCode; reference?: string }>;

export const refusal = (status: ContentfulStatusCode, refused: string): Refusal => ({ refused, status });

export const isRefusal = (value: object): value is Refusal => 'refused' in value;

/** What a JSON interface says; without a body, there is nothing to say. */
export type Answer = Refusal | Readonly<{ status: 200 | 201; body: unknown }> | Readonly<{ status: 204 }>;

/** A path and method of a JSON interface. Refusals and faults have the shape that clients of UserClouds read: `{error, request_id}`. */
export const jsonRoute = (work: (c: WebContext, site: Site) => Promise<Answer>): Route =>
  withBodyLimit(
    async (c, site) => {
      try {
        const answer = await work(c, site);
        await endOfTurn();
        return respond(c, answer);
      } catch (fault) {
        return brokenOff(c, site, fault);
      }
    },
    (c) => respond(c, refusal(413, 'The body is too large.')),
  );

function respond(c: WebContext, answer: Answer): Response {
  for (const [name, value] of Object.entries(SECRET_JSON)) c.header(name, value);
  if (answer.status === 401) c.header('www-authenticate', 'Bearer');
  if (isRefusal(answer)) return c.body(JSON.stringify(errorBody(answer)), answer.status);
  return answer.status === 204 ? c.body(null, 204) : c.body(JSON.stringify(answer.body), answer.status);
}

function errorBody({ refused, reference }: Refusal): JsonObject {
  const exchange = currentExchange();
  return {
    error: refused,
    ...(exchange !== undefined && { request_id: requestId(exchange) }),
    ...(reference !== undefined && { reference }),
  };
}

function brokenOff(c: WebContext, site: Site, fault: unknown): Response {
  if (fault instanceof OAuthError) return respond(c, refusedByRule(site, fault));
  site.log.error({ err: fault, endpoint: c.req.path }, 'A request could not be answered.');
  const name = fault instanceof Error ? fault.name : '';
  if (name !== 'StoreUnavailable' && name !== 'HashingBusy')
    return respond(c, refusal(500, 'The server met a fault of its own.'));
  c.header('retry-after', '5');
  return respond(c, refusal(503, 'The server cannot do this at the moment.'));
}

/** A rule of the protocol in the words of the profile; the reference is for `signet explain`. */
function refusedByRule({ provider }: Site, { rule, error, message, facts }: OAuthError): Refusal {
  const { client_id } = facts;
  const reference = provider.recordRefusal({
    rule,
    error,
    endpoint: 'login',
    client_id: typeof client_id === 'string' ? client_id : null,
    facts,
  });
  const { says = message, status } = provider.tenant.profile.wording[rule] ?? {};
  return { refused: says, status: status === 403 ? 403 : 400, reference };
}

/** What is mounted under other methods is refused with those that it has. */
export const otherMethods =
  (allowed: string) =>
  (c: WebContext): Response => {
    c.header('allow', allowed);
    return respond(c, refusal(405, 'This method is not allowed here.'));
  };

/** What there is in UserClouds and not here, or nowhere. */
export const notHere = (c: WebContext): Response => respond(c, refusal(404, 'There is no such interface.'));

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether the body is sent as JSON, which a form of another site's page cannot do. */
export const isSentAsJson = (c: WebContext): boolean =>
  /^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '');

/** The JSON object in the body, whatever its content type says: some programs leave that to their library. */
export async function readJson(c: WebContext): Promise<JsonObject | Refusal> {
  try {
    const value: unknown = JSON.parse(await c.req.text());
    if (isObject(value) && !('refused' in value)) return value;
  } catch {
    // Falls through: not JSON.
  }
  return refusal(400, 'The body is not a JSON object.');
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member if it is a text, else undefined. */
export function textOf(body: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
