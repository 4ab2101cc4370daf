import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { type Random, randomText } from '../model/secret.ts';
import { isTrustedPeer } from './client-address.ts';
import type { NameRequest } from './exchange.ts';

/** The header that carries the name of a request, in and out. */
export const REQUEST_ID = 'x-request-id';

/** The name a trusted proxy has given a request, in `X-Request-Id` or as the trace of W3C Trace Context §3.2; else a new one. */
export const requestNames =
  (trusted: BlockList, random: Random): NameRequest =>
  (incoming) =>
    givenName(incoming, trusted) ?? randomText(random, 12);

const NAME = /^[\w.:=@-]{1,128}$/;
const TRACE = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

function givenName(incoming: IncomingMessage, trusted: BlockList): string | undefined {
  const { [REQUEST_ID]: name, traceparent } = incoming.headers;
  if ((name === undefined && traceparent === undefined) || !isTrustedPeer(incoming, trusted))
    return undefined;
  if (typeof name === 'string' && NAME.test(name)) return name;
  return typeof traceparent === 'string' ? TRACE.exec(traceparent)?.[1] : undefined;
}
