import { limits } from './limits.ts';
import type { Settings } from './options.ts';
import { isSecure } from './options.ts';
import { IssuerFault } from './refusal.ts';

/** What the issuer answered. `body` is parsed JSON for status 200 and undefined for any other. */
export type IssuerAnswer = { status: number; body: unknown; maxAge: number | undefined };

export type Fetching = Pick<Settings, 'fetch' | 'fetchTimeout' | 'issuer'>;

/** A form to post instead of a plain GET, with the Authorization header that goes with it. */
export type Form = { fields: Record<string, string>; authorization: string };

/**
 * Asks the issuer for a JSON document: over https (http only between loopback addresses), without following
 * redirects, within the time limit and the size limit. Anything else is an `IssuerFault`.
 */
export async function fetchJson(url: string, settings: Fetching, form?: Form): Promise<IssuerAnswer> {
  if (!isSecure(url, settings.issuer)) throw new IssuerFault(`${url} is not an https URL`);
  try {
    const response = await settings.fetch(url, {
      ...(form ? post(form) : { headers: { accept: 'application/json' } }),
      redirect: 'manual',
      signal: AbortSignal.timeout(settings.fetchTimeout * 1000),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { status: response.status, body: undefined, maxAge: undefined };
    }
    const body: unknown = JSON.parse(await readText(response));
    return { status: 200, body, maxAge: readMaxAge(response.headers.get('cache-control')) };
  } catch (cause) {
    throw new IssuerFault(`${url} could not be read: ${reasonOf(cause)}`, { cause });
  }
}

function post({ fields, authorization }: Form): RequestInit {
  const type = 'application/x-www-form-urlencoded';
  const headers = { accept: 'application/json', 'content-type': type, authorization };
  return { method: 'POST', headers, body: new URLSearchParams(fields).toString() };
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  const chunks: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
  if (!chunks) return text;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > limits.documentSize) throw new Error(`longer than ${limits.documentSize} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function readMaxAge(cacheControl: string | null): number | undefined {
  if (/(^|[\s,])no-(store|cache)($|[\s,])/i.test(cacheControl ?? '')) return 0;
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}
