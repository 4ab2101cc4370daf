import * as z from 'zod';
import type { ResponseType } from '../model/client.ts';
import { RESPONSE_TYPES } from '../model/client.ts';
import { formatScope, parseScope } from '../model/scope.ts';
import { jwksFault } from './client-metadata-jwks.ts';

const MAX_URI_LENGTH = 2048;

/** A schema that is a text and adds the fault that `fault` finds in it. */
export const textWith = (maxLength: number, fault: (text: string) => string | undefined) =>
  z.string().min(1, { abort: true }).max(maxLength, { abort: true }).superRefine(reporting(fault));

/** A list without its repeats. */
export const listOf = <Item extends z.ZodType>(item: Item, maxEntries: number) =>
  z
    .array(item)
    .max(maxEntries)
    .transform((entries) => [...new Set(entries)]);

function reporting<Value>(fault: (value: Value) => string | undefined) {
  return (value: Value, check: z.core.$RefinementCtx<Value>): void => {
    const message = fault(value);
    if (message !== undefined) check.addIssue({ code: 'custom', message });
  };
}

/** Words for people: one line that looks like what it says. Joiners stay, which some scripts and emoji need. */
export const words = (maxLength: number) =>
  textWith(maxLength, (text) => {
    if (text.trim() !== text) return 'has blanks at an end';
    const hidden = /[\p{Cc}\p{Zl}\p{Zp}\u200B\u202A-\u202E\u2066-\u2069\uFEFF]/u.test(text);
    return hidden ? 'has line ends or other control characters' : undefined;
  });

/** Why a text is no https address (with `loopback`, http on this machine is one too), or undefined when it is. */
function webUriFault(text: string, loopback: boolean): string | undefined {
  const uri = URL.canParse(text) ? new URL(text) : undefined;
  if (uri === undefined || /[^\x21-\x7E]/.test(text)) return 'is not an absolute URI';
  if (uri.username !== '' || uri.password !== '') return 'carries a user name or password';
  if (uri.protocol === 'https:') return undefined;
  if (loopback && uri.protocol === 'http:' && LOOPBACK.includes(uri.hostname)) return undefined;
  return `must begin with https://${loopback ? ' (http:// only on this machine)' : ''}`;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** An https address; with `loopback` also http on this machine. */
export const webUri = (loopback: boolean) => textWith(MAX_URI_LENGTH, (text) => webUriFault(text, loopback));

/** Any bounded text; whether it is a good redirect depends on the other fields. */
export const uri = z.string().max(MAX_URI_LENGTH);

/** RFC 6749 §2.2 and §A.1; an address is kept for clients that are known by one, so that the two never meet. */
function clientIdFault(text: string): string | undefined {
  if (!/^[\x20-\x7E]+$/.test(text)) return 'has characters outside printable ASCII (RFC 6749 §A.1)';
  if (text.trim() !== text) return 'has a blank at an end';
  return /^https?:\/\//i.test(text)
    ? 'looks like a URL, which is kept for clients that are known by their URL'
    : undefined;
}

/** A client_id, never one that could be taken for a client's address. */
export const clientIdText = textWith(255, clientIdFault);

/** A client secret as RFC 6749 §A.2 allows one. */
export const secretText = textWith(512, (text) =>
  /^[\x20-\x7E]+$/.test(text) ? undefined : 'has characters outside printable ASCII (RFC 6749 §A.2)',
);

/** A registered resource indicator: absolute, without fragment (RFC 8707 §2). */
export const resourceUri = textWith(MAX_URI_LENGTH, (text) => {
  if (!URL.canParse(text) || /[^\x21-\x7E]/.test(text)) return 'is not an absolute URI (RFC 8707 §2)';
  return text.includes('#') ? 'has a fragment (RFC 8707 §2)' : undefined;
});

/** Blank-separated scope values, each once. */
export const scopeText = z
  .string()
  .max(4096)
  .superRefine(
    reporting((text) =>
      parseScope(text) === undefined ? 'has characters that a scope cannot have (RFC 6749 §3.3)' : undefined,
    ),
  )
  .transform((text) => formatScope(parseScope(text) ?? []));

/** Response type with its words in any order; gives the registered spelling (OAuth Multiple Response Types §5). */
export const responseType = z.string().transform((text, check): ResponseType => {
  const given = text.split(' ').sort().join(' ');
  const known = RESPONSE_TYPES.find((type) => type.split(' ').sort().join(' ') === given);
  if (known !== undefined) return known;
  check.addIssue({
    code: 'custom',
    message: `must be one of ${RESPONSE_TYPES.map((type) => `"${type}"`).join(', ')}`,
  });
  return z.NEVER;
});

/** A JWK Set of public keys alone (RFC 7517 §5). */
export const keySet = z
  .object({
    keys: z
      .array(z.record(z.string(), z.unknown()))
      .min(1)
      .max(20)
      .meta({ description: 'One or more JSON Web Keys without private members.' }),
  })
  .superRefine((set, check) => {
    for (const { path, message } of set.keys.flatMap((key, index) => jwksFault(key, index, set.keys))) {
      check.addIssue({ code: 'custom', path: [...path], message });
    }
  });
