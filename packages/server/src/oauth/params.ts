import { refuse } from './error.ts';

/** Request parameters by name, each with its values in order; a parameter without a value counts as absent (RFC 6749 §3.1). */
export type Params = ReadonlyMap<string, readonly string[]>;

/** Longest values accepted, in characters; what is not listed may have 2048. */
const LONGEST: Readonly<Record<string, number>> = {
  request: 12_288,
  claims: 8192,
  id_token_hint: 8192,
  client_assertion: 12_288,
  token: 16_384,
  access_token: 16_384,
  refresh_token: 4096,
  state: 4096,
  // Sealed by Signet itself, with a request inside that may hold several of the above.
  interaction: 32_768,
  login_challenge: 32_768,
  consent_challenge: 32_768,
  session_id: 32_768,
  logout: 32_768,
};

/** May be sent several times (RFC 8707 §2); `audience` is an older name of the same idea. */
const REPEATABLE = ['resource', 'audience'];

/** Never kept or shown: the value gives access, or the way to it. */
const SECRET = /secret|password|(^|_)code$|verifier|token|assertion|^request$/;

/** Reads a query or form strictly: malformed percent-encoding or UTF-8 is refused, not guessed at. */
export function parseParams(text: string): Params {
  const params = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1), key);
    if (value === '') continue;
    const values = params.get(key);
    if (values === undefined) params.set(key, [value]);
    else values.push(value);
  }
  return params;
}

/** What has to be decoded, or refused. Most names and values hold none of it. */
const CODED = /[%+\0\uFFFD]/;

/** The facts name the parameter alone: what was sent may be part of a secret. */
function decode(text: string, parameter?: string): string {
  if (!CODED.test(text)) return text;
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    // Bytes of a body that are no UTF-8 have become U+FFFD by now.
    if (!decoded.includes('\0') && !text.includes('\uFFFD')) return decoded;
  } catch {
    // Falls through: malformed percent-encoding or UTF-8.
  }
  throw refuse('parameter.malformed', parameter === undefined ? {} : { parameter: parameter.slice(0, 100) });
}

/** The value of a parameter, or undefined. Throws when it was repeated or is too long. */
export function one(params: Params, name: string): string | undefined {
  const values = params.get(name);
  if (values === undefined) return undefined;
  if (values.length > 1) throw refuse('parameter.repeated', { parameter: name });
  const [value = ''] = values;
  const longest = LONGEST[name] ?? 2048;
  if (value.length > longest)
    throw refuse('parameter.too-long', { parameter: name, characters: value.length, longest });
  return value;
}

/** The value of a parameter that has to be there. */
export function required(params: Params, name: string): string {
  const value = one(params, name);
  if (value === undefined) throw refuse('parameter.missing', { parameter: name });
  return value;
}

/** Refuses a repeated parameter whatever its name (RFC 6749 §3.1: each at most once). */
export function requireNoRepeats(params: Params): void {
  for (const [name, values] of params) {
    if (values.length > 1 && !REPEATABLE.includes(name))
      throw refuse('parameter.repeated', { parameter: name });
  }
}

/** The parameters as the operator may see them. */
export function redacted(params: Params): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, values] of [...params].slice(0, 40)) {
    const value = values.join(' | ');
    shown[name.slice(0, 100)] = SECRET.test(name)
      ? `(secret, ${value.length} characters)`
      : value.slice(0, 2048);
  }
  return shown;
}
