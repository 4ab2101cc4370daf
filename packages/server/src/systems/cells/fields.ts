import { badInput, type Json } from './rest.ts';

const LONGEST_TEXT = 2048;
const MOST_TEXTS = 200;

/** A text of the body; undefined where it is absent or null. */
export function textOf(body: Json, name: string, longest = LONGEST_TEXT): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > longest)
    throw badInput(`${name} is not a text of at most ${longest} characters.`);
  return value;
}

/** A list of texts of the body; undefined where it is absent or null. */
export function textsOf(body: Json, name: string): readonly string[] | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > MOST_TEXTS) throw badInput(`${name} is not a list of texts.`);
  const items: readonly unknown[] = value;
  return items.map((item) => textOf({ [name]: item ?? 0 }, name) ?? '');
}

/** A whole number of the body, which protocol buffers write as a text when it may be a large one. */
export function numberOf(body: Json, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw badInput(`${name} is not a whole number.`);
  return number;
}

/** True or false of the body; absent is false. */
export function flagOf(body: Json, name: string): boolean {
  const value = body[name] ?? false;
  if (typeof value !== 'boolean') throw badInput(`${name} is not true or false.`);
  return value;
}

/** A group of texts by name; undefined where it is absent or null. */
export function textMapOf(
  body: Json,
  name: string,
  longest = LONGEST_TEXT,
): Readonly<Record<string, string>> | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badInput(`${name} is not a group of texts.`);
  const entries = Object.entries(value);
  if (entries.length > MOST_TEXTS) throw badInput(`${name} has more than ${MOST_TEXTS} members.`);
  for (const [key, text] of entries) {
    if (typeof text !== 'string' || text.length > longest || key.length > 200)
      throw badInput(`${name} has a member that is not a text of at most ${longest} characters.`);
  }
  return Object.fromEntries(entries);
}

/** The entries that are objects of a list in the body. */
export function objectsOf(body: Json, name: string): readonly Json[] | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > MOST_TEXTS) throw badInput(`${name} is not a list.`);
  for (const item of value) {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw badInput(`${name} has an entry that is not an object.`);
  }
  return value as readonly Json[];
}
