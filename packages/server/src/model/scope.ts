// The same few texts come with nearly every request. A stranger who sends many others empties it, and gains nothing.
const known = new Map<string, readonly string[] | undefined>();
const MOST_KNOWN = 500;
const LONGEST_KNOWN = 1000;

/** Scope values in the order given, without repeats (RFC 6749 §3.3). Undefined when a character is not allowed there. */
export function parseScope(text: string): readonly string[] | undefined {
  if (text.length > LONGEST_KNOWN) return parsed(text);
  const found = known.get(text);
  if (found !== undefined) return found;
  const values = parsed(text);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, values);
  return values;
}

function parsed(text: string): readonly string[] | undefined {
  if (!/^[\x21\x23-\x5B\x5D-\x7E ]*$/.test(text)) return undefined;
  const values = text.split(' ').filter((value) => value !== '');
  return values.length < 2 ? values : [...new Set(values)];
}

/** Scope values of registered metadata, which was checked when it was stored. */
export const scopeValues = (text: string | undefined): readonly string[] => parseScope(text ?? '') ?? [];

export const formatScope = (values: readonly string[]): string => values.join(' ');
