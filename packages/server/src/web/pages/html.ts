import { html as tagged } from 'hono/html';

/** Markup that is already escaped; a string for whoever sends it. */
export type Html = Exclude<ReturnType<typeof tagged>, Promise<unknown>>;

/** What may stand in a template: text is escaped, markup is kept, `undefined`, `null` and `false` leave nothing. */
export type Piece = string | number | Html | false | null | undefined | readonly Piece[];

/** Markup from a template; every text in it is escaped for element content and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const markup = tagged(strings, ...pieces);
  if (markup instanceof Promise) throw new TypeError('A page is built from values, never from promises.');
  return markup;
}
