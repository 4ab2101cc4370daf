import * as z from 'zod';

export type FaultPath = readonly (string | number)[];

/** What is wrong with one value: where it stands, a sentence without its subject, and the known key that was probably meant. */
export type Fault = Readonly<{ path: FaultPath; message: string; nearest?: string }>;

type Fields<Shape extends z.ZodRawShape> = { [Key in keyof Shape]: z.output<Shape[Key]> };

/** Fields that are sound one by one (absent ones undefined), all of them when every one is, and every fault. */
export type Checked<Shape extends z.ZodRawShape> = Readonly<{
  fields: Partial<Fields<Shape>>;
  complete: Fields<Shape> | undefined;
  faults: readonly Fault[];
}>;

/** Checks every field by itself, so that one bad value hides no other fault. Empty lists may be written as nothing. */
export function checkFields<Shape extends z.ZodRawShape>(
  shape: Shape,
  input: unknown,
  path: FaultPath,
): Checked<Shape> {
  if (!isRecord(input)) return { fields: {}, complete: undefined, faults: [{ path, message: NOT_A_RECORD }] };
  const faults = [...unknownKeys(input, Object.keys(shape), path)];
  const sound: [string, unknown][] = [];
  for (const [key, schema] of Object.entries(shape)) {
    const given = Object.hasOwn(input, key) ? input[key] : undefined;
    const value = given === null && unwrap(schema) instanceof z.ZodArray ? undefined : given;
    const result = z.safeParse(schema, value, { error: sayIssue });
    if (result.success) sound.push([key, result.data]);
    else faults.push(...result.error.issues.flatMap((issue) => issueFaults(issue, schema, [...path, key])));
  }
  // Each value was made by the schema of its key, which is what the type says.
  const fields = Object.fromEntries(sound) as Fields<Shape>;
  if (faults.length > 0) return { fields, complete: undefined, faults };
  const given = Object.fromEntries(sound.filter(([, value]) => value !== undefined)) as Fields<Shape>;
  return { fields, complete: given, faults };
}

/** Plain object, as YAML and JSON make them. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The known word that a misspelt one was probably meant to be: camel case, hyphens and few wrong letters are forgiven. */
export function nearestKey(word: string, known: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const simple = (text: string): string => text.toLowerCase().replaceAll(/[-_. ]/g, '');
  const given = simple(word);
  const most = Math.max(1, Math.floor(word.length / 3));
  let best: { key: string; distance: number } | undefined;
  for (const key of known) {
    const candidate = simple(key);
    if (Math.abs(candidate.length - given.length) > most) continue;
    const distance = editDistance(given, candidate);
    if (distance <= most && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { key, distance };
  }
  return best?.key;
}

/** Letters to insert, delete, replace or swap with their neighbour (Levenshtein, with Damerau's swap). */
export function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const edits = [replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1];
      next.push(Math.min(...edits, ...(swapped ? [(before[j - 2] ?? 0) + 1] : [])));
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}

/** A fault for each key that is not known, with the nearest one that is; one for all when there are very many. */
export function unknownKeys(
  group: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: FaultPath,
): readonly Fault[] {
  const unknown = Object.keys(group).filter((key) => !known.includes(key));
  if (unknown.length > 100) return [{ path, message: `has ${unknown.length} keys that are not known` }];
  return unknown.map((key) => unknownKey([...path, key], known));
}

function unknownKey(path: FaultPath, known: readonly string[]): Fault {
  const nearest = nearestKey(String(path.at(-1)), known);
  if (nearest === undefined) return { path, message: 'is not a known key' };
  return { path, message: `is not a known key; did you mean "${nearest}"?`, nearest };
}

const MAX_DEPTH = 12;

/** Why a value is no bounded, plain JSON (too large in bytes, too deep, cyclic), or undefined when it is. */
export function sizeFault(value: unknown, maxBytes: number): string | undefined {
  let left = maxBytes;
  const fits = (item: unknown, depth: number): boolean => {
    left -= typeof item === 'string' ? Buffer.byteLength(item) + 2 : 4;
    if (left < 0 || depth > MAX_DEPTH) return false;
    if (Array.isArray(item)) return item.every((member) => fits(member, depth + 1));
    return (
      !isRecord(item) ||
      Object.entries(item).every(([key, member]) => fits(key, depth) && fits(member, depth + 1))
    );
  };
  if (fits(value, 0)) return undefined;
  return left < 0 ? `is larger than ${maxBytes / 1024} kB` : 'is nested too deeply';
}

/** The schema inside optional, default and transforming wrappers. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrap(schema.def.innerType);
  return schema instanceof z.ZodPipe ? unwrap(schema.def.in) : schema;
}

function issueFaults(issue: z.core.$ZodIssue, schema: z.core.$ZodType, path: FaultPath): readonly Fault[] {
  const inner = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const full = [...path, ...inner];
  if (issue.code !== 'unrecognized_keys') return [{ path: full, message: issue.message }];
  return issue.keys.map((key) => unknownKey([...full, key], keysAt(schema, inner)));
}

function keysAt(schema: z.core.$ZodType, path: FaultPath): readonly string[] {
  const plain = unwrap(schema);
  const [step, ...rest] = path;
  if (plain instanceof z.ZodArray) return keysAt(plain.def.element, rest);
  if (!(plain instanceof z.ZodObject)) return [];
  const members = new Map<string, z.core.$ZodType>(Object.entries(plain.shape));
  const member = members.get(String(step));
  return member === undefined ? [...members.keys()] : keysAt(member, rest);
}

const NOT_A_RECORD = 'must be a group of keys with values';

/** The sentence for a schema's complaint, for people who write the file; never repeats the value, which may be a secret. */
function sayIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.input === null) return 'is empty: give it a value or remove it';
  if (issue.code === 'invalid_type') return sayType(issue.expected, issue.input);
  if (issue.code === 'invalid_value') return sayChoice(issue.values.map(String), issue.input);
  if (issue.code === 'too_small') {
    return issue.origin === 'string'
      ? 'must not be empty'
      : `must ${issue.origin === 'array' ? 'have' : 'be'} at least ${issue.minimum}${issue.origin === 'array' ? ' entry' : ''}`;
  }
  if (issue.code === 'too_big') {
    if (issue.origin === 'string') return `is longer than ${issue.maximum} characters`;
    return issue.origin === 'array'
      ? `has more than ${issue.maximum} entries`
      : `must be at most ${issue.maximum}`;
  }
  return 'is not acceptable';
}

function sayType(expected: string, input: unknown): string {
  if (input === undefined) return 'is missing';
  if (expected === 'string') {
    return ['number', 'boolean'].includes(typeof input)
      ? 'must be a text: put it in quotes'
      : 'must be a text';
  }
  if (expected === 'array') return 'must be a list';
  if (expected === 'boolean') return 'must be true or false';
  if (expected === 'object' || expected === 'record') return NOT_A_RECORD;
  return 'must be a whole number';
}

/** That one of these was expected, with the nearest to what was given. */
export function sayChoice(choices: readonly string[], input: unknown): string {
  const nearest = typeof input === 'string' ? nearestKey(input, choices) : undefined;
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return `must be ${choices.length === 1 ? '' : 'one of '}${choices.join(', ')}${hint}`;
}
