import { actingAs } from '../web/acting.ts';
import { endOfTurn } from '../web/end-of-turn.ts';
import { currentExchange, requestId } from '../web/exchange.ts';
import type { Site, WebContext } from '../web/site.ts';
import { requireCaller, requirePower } from './caller.ts';
import { once } from './idempotency.ts';
import type { Answer, Call, Operation } from './operation.ts';
import { Problem, problemBody } from './problem.ts';
import { readBody, readQuery, versionIn } from './request.ts';

/** Nothing of the interface is kept by anybody. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Does what an operation is for, in this order: who calls, what they may, whether the request is in order, the work. */
export async function perform(
  c: WebContext,
  site: Site,
  operation: Operation,
  path: Readonly<Record<string, string>>,
): Promise<Answer> {
  const caller = await requireCaller(c, site);
  if (operation.needs !== 'token' && operation.needs !== 'nothing')
    requirePower(site, caller, operation.needs);
  for (const scope of operation.needsToo ?? []) requirePower(site, caller, scope);
  const query = readQuery(new URL(c.req.url).searchParams, operation.query ?? {});
  const version = operation.versioned === true ? versionIn(c) : 0;
  const call: Call = {
    site,
    provider: actingAs(c, site, caller.actor),
    caller,
    path: (name) => path[name] ?? '',
    query,
    body: await readBody(c, operation),
    version,
    idempotency_key: c.req.header('idempotency-key'),
  };
  return operation.idempotent === true ? once(call, operation) : operation.work(call);
}

export async function respond(c: WebContext, site: Site, work: () => Promise<Answer>): Promise<Response> {
  try {
    const { status, body, headers } = await work();
    await endOfTurn();
    const all = { ...HEADERS, ...headers };
    if (status === 204) return new Response(null, { status, headers: all });
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...all },
    });
  } catch (fault) {
    return refused(site, c.req.path, fault);
  }
}

/** Every refusal and fault in the one shape of RFC 9457. */
export function refused(site: Site, path: string, fault: unknown): Response {
  const problem = fault instanceof Problem ? fault : brokenOff(site, path, fault);
  const exchange = currentExchange();
  const body = problemBody(problem, exchange && requestId(exchange));
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...HEADERS, ...problem.headers },
  });
}

function brokenOff(site: Site, endpoint: string, fault: unknown): Problem {
  site.log.error({ err: fault, endpoint }, 'A request could not be answered.');
  const name = fault instanceof Error ? fault.name : '';
  return name === 'StoreUnavailable' || name === 'HashingBusy'
    ? new Problem('unavailable', 'Try again in a while.', { headers: { 'retry-after': '5' } })
    : new Problem('internal', 'What was asked for may or may not have been done.');
}
