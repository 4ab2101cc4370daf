import type * as z from 'zod';
import { checkFields, isRecord } from '../admin/fault.ts';
import type { WebContext } from '../web/site.ts';
import type { Operation } from './operation.ts';
import { badBody, badQuery, Problem } from './problem.ts';

/** The checked parameters of the query. One that is repeated or not known is refused. */
export function readQuery(sent: URLSearchParams, shape: z.ZodRawShape): Readonly<Record<string, unknown>> {
  const params = [...sent];
  const repeated = params.filter(([name], index) => params.findIndex(([other]) => other === name) < index);
  if (repeated.length > 0)
    throw badQuery(repeated.slice(0, 20).map(([name]) => ({ path: [name], message: 'is repeated' })));
  const strange = params.filter(([name, value]) => !isWellFormed(name) || !isWellFormed(value));
  if (strange.length > 0) throw badQuery([{ path: [], message: 'has characters that are none' }]);
  const { complete, faults } = checkFields(shape, Object.fromEntries(params), []);
  if (complete === undefined) throw badQuery(faults.slice(0, 20));
  return complete;
}

const MEDIA_TYPES = {
  json: ['application/json'],
  'merge-patch': ['application/merge-patch+json', 'application/json'],
} as const;

/** The JSON of the body. Another content type could dodge a browser's preflight. */
export async function readBody(c: WebContext, { body }: Operation): Promise<unknown> {
  const text = await c.req.text();
  if (body === undefined || (body.optional === true && text === '')) return undefined;
  const sent = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const known: readonly string[] = MEDIA_TYPES[body.kind];
  if (!known.includes(sent)) throw new Problem('media-type', `Send the body as ${known.join(' or ')}.`);
  return parseJson(text);
}

/** What a text in JSON says; throws a `Problem`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, requireWellFormed);
  } catch {
    throw new Problem('malformed-request', 'The body is not JSON, or has characters that are none.');
  }
}

/** No database keeps NUL or half a character. */
function requireWellFormed(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text === 'string' && !isWellFormed(text)) throw new SyntaxError('no character');
  }
  return value;
}

export const isWellFormed = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** The version that `If-Match` names (RFC 9110 §13.1.1): a strong tag, one alone. A tag that is none of ours matches nothing. */
export function versionIn(c: WebContext): number {
  const sent = c.req.header('if-match');
  if (sent === undefined)
    throw new Problem('version-needed', 'Send If-Match with the ETag of what you have read.');
  const version = /^"([0-9]{1,15})"$/.exec(sent.trim())?.[1];
  return version === undefined ? -1 : Number(version);
}

/** A merge patch that names only what can be changed. */
export function patchIn(
  { body }: Readonly<{ body: unknown }>,
  shape: z.ZodRawShape,
): Readonly<Record<string, unknown>> {
  if (!isRecord(body)) throw badBody([{ path: [], message: 'must be a group of keys with values' }]);
  const strange = Object.keys(body).filter((key) => !Object.hasOwn(shape, key));
  if (strange.length > 0)
    throw badBody(strange.slice(0, 20).map((key) => ({ path: [key], message: 'is not changed here' })));
  return body;
}

/** What a record becomes by a merge patch (RFC 7396 §2). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const members = new Map(isRecord(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(members.get(name), value));
  }
  return Object.fromEntries(members);
}
