import * as z from 'zod';
import { badQuery } from './problem.ts';

const MOST = 200;
const USUAL = 50;

/** A whole number in a query. */
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,15}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`)
    .meta({ wire: { type: 'integer', minimum: least, maximum: most } });

/** A switch in a query. */
export const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .meta({ wire: { type: 'boolean' } });

/** A time in a query (RFC 3339); gives milliseconds. */
export const time = z
  .string()
  .max(40)
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/,
    'must be a time such as 2026-01-31T12:00:00Z',
  )
  .transform((text) => Date.parse(text))
  .refine((value) => !Number.isNaN(value), 'is no time that there is')
  .meta({ wire: { type: 'string', format: 'date-time' } });

/** A word that a list is narrowed to. */
export const word = z.string().min(1).max(500);

/** What every list takes. */
export const pageShape = {
  limit: wholeNumber(1, MOST)
    .optional()
    .meta({
      description: `How many at most; ${USUAL} when left out.`,
      wire: { type: 'integer', minimum: 1, maximum: MOST, default: USUAL },
    }),
  after: z.string().max(2000).optional().meta({ description: 'The `next` of the page before.' }),
};

export type PageQuery = Readonly<{ limit?: number | undefined; after?: string | undefined }>;

/** How many of a list are wanted. */
export const limitOf = ({ limit }: PageQuery): number => limit ?? USUAL;

/** What a list answers: a page, and what the next one begins after. */
export const listOf = (item: z.ZodType) => z.object({ items: z.array(item), next: z.string().nullable() });

type Key = readonly (string | number)[];

/** A page of what was found, of which one more was asked for than is shown. */
export function pageOf<Item>(
  found: readonly Item[],
  query: PageQuery,
  keyOf: (item: Item) => Key,
): Readonly<{ shown: readonly Item[]; next: string | null }> {
  const shown = found.slice(0, limitOf(query));
  const last = shown.at(-1);
  return { shown, next: found.length > shown.length && last !== undefined ? cursorOf(keyOf(last)) : null };
}

/** The same where only so many rows were looked at: a page may be short, or empty, and others still follow behind `until`. */
export function pageOfSought<Item, Until>(
  { found, until }: Readonly<{ found: readonly Item[]; until: Until | null }>,
  query: PageQuery,
  keyOf: (one: Item | Until) => Key,
): Readonly<{ shown: readonly Item[]; next: string | null }> {
  const { shown, next } = pageOf(found, query, keyOf);
  return { shown, next: next ?? (until === null ? null : cursorOf(keyOf(until))) };
}

/** The key of what has a number, or is one. */
export const numberOf = (one: number | Readonly<{ id: number }>): Key => [
  typeof one === 'number' ? one : one.id,
];

const cursorOf = (key: Key): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** The key in a cursor, of the shape that the list gives its cursors. */
export function keyIn<Shape extends z.ZodType>(
  shape: Shape,
  { after }: PageQuery,
): z.output<Shape> | undefined {
  if (after === undefined) return undefined;
  const read = z.safeParse(shape, jsonIn(after));
  if (read.success) return read.data;
  throw badQuery([{ path: ['after'], message: 'is no `next` of this list' }]);
}

function jsonIn(cursor: string): unknown {
  try {
    const text = Buffer.from(cursor, 'base64url').toString();
    return text.includes('\0') || /\\u0000/.test(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Shapes of cursors. */
export const textKey = z.tuple([z.string().max(500)]);
export const numberKey = z.tuple([z.int().min(0)]);

/** The number of a row or version in a path; 0, which nothing has, for what is none. */
export const numberIn = (part: string): number => (/^[1-9][0-9]{0,14}$/.test(part) ? Number(part) : 0);
