import type { BlockList } from 'node:net';
import type { Logger } from 'pino';
import { addressOf } from './client-address.ts';
import { type Exchange, millisecondsOf, requestId, routeOf, type Watcher } from './exchange.ts';

/** Which requests get a line. */
export type RequestLog = 'all' | 'errors' | 'none';

type Tools = Readonly<{ wanted: RequestLog; log: Logger; trusted: BlockList }>;

/**
 * Writes a line for a request: what was asked, by whom and how it ended. No query, body, header or path as it was sent ever stands in it,
 * for those hold codes, tokens and passwords.
 */
export function requestLog({ wanted, log, trusted }: Tools): readonly Watcher[] {
  if (wanted === 'none') return [];
  const write: Watcher = (exchange) => {
    const { incoming, outgoing, refusal } = exchange;
    const status = outgoing.statusCode;
    const line = {
      request_id: requestId(exchange),
      method: methodOf(incoming.method),
      route: routeOf(exchange),
      status,
      milliseconds: Math.round(millisecondsOf(exchange) * 10) / 10,
      client_address: addressOf(incoming, trusted),
      ...clientOf(exchange),
      ...(refusal && { error: refusal.error, rule: refusal.rule }),
    };
    if (status >= 500) log.warn(line, 'A request was not answered as it should be.');
    else log.info(line, 'A request was answered.');
  };
  if (wanted === 'all') return [write];
  return [
    (exchange) => {
      if (exchange.outgoing.statusCode >= 400) write(exchange);
    },
  ];
}

const METHODS: readonly (string | undefined)[] = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'];

/** A method that is known, so that nobody fills logs and metrics with others. */
export const methodOf = (method: string | undefined): string =>
  method !== undefined && METHODS.includes(method) ? method : 'other';

const LONGEST_NAME = 255;

/** The client by its own word: in the form, or as the user name of Basic (RFC 6749 §2.3.1). */
function clientOf({ form, refusal, incoming }: Exchange): { client_id?: string } {
  const told =
    form?.params.get('client_id')?.[0] ?? refusal?.client_id ?? basicName(incoming.headers.authorization);
  return told === undefined || told === '' ? {} : { client_id: told.slice(0, LONGEST_NAME) };
}

function basicName(authorization: string | undefined): string | undefined {
  const encoded = /^basic +([a-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [name, secret] = Buffer.from(encoded, 'base64').toString().split(':');
  // Without the colon nobody knows which of the two it is.
  return secret === undefined ? undefined : name;
}
