import * as oauth from 'oauth4webapi';
import { isRecord } from '../admin/fault.ts';
import { isLoopbackHost } from '../config/issuer.ts';
import { ADMIN_API_PATH, COMMAND_LINE_CLIENT_ID } from '../model/admin-api.ts';
import { systemClock } from '../model/clock.ts';
import { causeOf, discover } from './authorize.ts';
import { CommandError } from './command-error.ts';
import { findHeld, type Held, keep } from './credentials.ts';
import { heldFrom } from './held.ts';
import { refusalOf } from './problem-text.ts';
import { printable } from './terminal.ts';

/** Options of commands that work on a server elsewhere. */
export type ServerOptions = Readonly<{ server?: string }>;

export type Members = Readonly<Record<string, unknown>>;
export type Reply = Readonly<{ body: Members; etag: string | undefined }>;

export type Sending = Readonly<{ body?: unknown; patch?: unknown; etag?: string | undefined }>;

/** An address as it is named: https, or http on this machine, without a slash at its end. */
export function serverAt(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (url === undefined || !isSafe || url.username !== '' || url.search !== '' || url.hash !== '')
    throw new CommandError(
      'usage',
      `${printable(address)} must be an address such as https://id.example.com.`,
    );
  return url.href.replace(/\/+$/, '');
}

/** Milliseconds for which a token must be good at least, and for which an answer is waited for. */
const LEAST_LIFE = 30_000;
const PATIENCE = 30_000;

/** Asks a server for what an administrator may; a problem that it tells ends the command. */
export async function callServer(
  server: string,
  method: string,
  path: string,
  sending: Sending = {},
): Promise<Reply> {
  const token = await freshToken(server);
  const { body = sending.patch, etag } = sending;
  const type = sending.patch === undefined ? 'application/json' : 'application/merge-patch+json';
  const response = await fetch(server + ADMIN_API_PATH + path, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE),
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': type }),
      ...(etag !== undefined && { 'if-match': etag }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((fault: unknown) => {
    throw new CommandError('fault', `${server} cannot be reached: ${causeOf(fault)}.`);
  });
  const read: unknown = response.status === 204 ? {} : await response.json().catch(() => undefined);
  if (!isRecord(read))
    throw new CommandError('fault', `${server} answers with ${response.status} and no JSON: is it a Signet?`);
  if (!response.ok) throw refusalOf(response.status, read);
  return { body: read, etag: response.headers.get('etag') ?? undefined };
}

async function freshToken(server: string): Promise<string> {
  const held = findHeld(server);
  if (held === undefined)
    throw new CommandError('refused', `You are not signed in at ${server}: signet login ${server}`);
  if (held.expires_at - systemClock() > LEAST_LIFE) return held.access_token;
  const renewed = await renew(server, held);
  keep(server, renewed);
  return renewed.access_token;
}

async function renew(server: string, held: Held): Promise<Held> {
  const again = `You are signed in at ${server} no more: signet login ${server}`;
  if (held.refresh_token === undefined) throw new CommandError('refused', again);
  const peer = await discover(held.issuer, { client_id: COMMAND_LINE_CLIENT_ID });
  const { server: as, client, auth, options } = peer;
  try {
    const response = await oauth.refreshTokenGrantRequest(as, client, auth, held.refresh_token, options);
    return heldFrom(held.issuer, await oauth.processRefreshTokenResponse(as, client, response), held);
  } catch (fault) {
    if (fault instanceof oauth.ResponseBodyError && fault.error === 'invalid_grant')
      throw new CommandError('refused', again);
    throw new CommandError('fault', `${server} gives no new token: ${causeOf(fault)}.`);
  }
}
