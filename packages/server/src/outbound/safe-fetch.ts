import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, fetch } from 'undici';
import { isPublicAddress } from './public-addresses.ts';
import { OutboundRefused } from './refused.ts';

const TIMEOUT = 5000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const MOST_BYTES = 256 * 1024;

/** Fetches a small document from a public https server, or posts it a form (rulings 16); `allowedHosts` are opened by the operator. */
export type SafeFetch = (url: string, form?: string) => Promise<{ status: number; body: string }>;

export function safeFetch(allowedHosts: readonly string[]): SafeFetch {
  const publicOnly = new Agent({
    connect: { lookup: publicLookup, timeout: TIMEOUT },
    headersTimeout: TIMEOUT,
    bodyTimeout: TIMEOUT,
  });
  const unguarded = new Agent({
    connect: { timeout: TIMEOUT },
    headersTimeout: TIMEOUT,
    bodyTimeout: TIMEOUT,
  });
  return async (text, form) => {
    const url = new URL(text);
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const opened = allowedHosts.includes(host);
    if (!opened && url.protocol !== 'https:') throw new OutboundRefused(`${url.origin} is not https`);
    // The lookup below is not asked about a literal address, so that is judged here.
    if (!opened && isIP(host) !== 0 && !isPublicAddress(host))
      throw new OutboundRefused(`${host} is no public address`);
    const response = await fetch(url, {
      dispatcher: opened ? unguarded : publicOnly,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { accept: 'application/json, application/jwk-set+json', ...(form !== undefined && FORM) },
      ...(form !== undefined && { method: 'POST', body: form }),
    });
    return { status: response.status, body: await readLimited(response.body) };
  };
}

/** Every address of a name must be public, and the connection goes to one that was judged (no second look-up). */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (fault, addresses) => {
    const strange = addresses?.find(({ address }) => !isPublicAddress(address));
    const refused =
      strange && new OutboundRefused(`${hostname} is at ${strange.address}, which is no public address`);
    const [first] = addresses ?? [];
    if (fault !== null || refused !== undefined || first === undefined) {
      return callback(fault ?? refused ?? new OutboundRefused(`${hostname} has no address`), '', 0);
    }
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

async function readLimited(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new OutboundRefused(`the answer is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
