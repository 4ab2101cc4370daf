import { type Html, html } from './html.ts';

/** Longest name that is shown whole, in characters. A longer one could push the facts about its owner off the screen. */
const NAME_LIMIT = 80;

/** Code units kept for each of them; an emoji of a family has eleven. */
const UNITS_PER_CHARACTER = 16;

/** Bidi controls, zero-width and blank-looking characters: they can make one name look like another, or like none. */
const DECEPTIVE =
  /[\p{Cc}\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFC\u{E0000}-\u{E0FFF}]|\u17B4|\u17B5/gu;

/** More marks on one letter than any script stacks: they would paint over the lines above and below. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Text from outside as a person may safely see it: one line, nothing deceptive, at most `limit` characters. */
export function shownText(text: string, limit = NAME_LIMIT): string {
  const bounded = text.slice(0, limit * UNITS_PER_CHARACTER).toWellFormed();
  const clean = bounded.replace(/\s+/gu, ' ').replace(DECEPTIVE, '').replace(STACKED_MARKS, '$1').trim();
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(clean)) return '';
  const characters = Array.from(graphemes.segment(clean), ({ segment }) => segment);
  if (characters.length <= limit) return clean;
  const kept = characters.slice(0, limit - 1).join('');
  return `${kept.trimEnd()}…`;
}

/** The first of these that leaves anything to be seen. */
export const firstShown = (...texts: readonly (string | undefined)[]): string =>
  texts.map((text) => shownText(text ?? '')).find((text) => text !== '') ?? '?';

/** A name inside a sentence: set off from it, and unable to turn its direction. */
export const name = (text: string): Html => html`<bdi class="name">${text}</bdi>`;

/** The first letter of a name, for its badge. */
export function initial(text: string): string {
  const [first] = graphemes.segment(text);
  return (first?.segment ?? '?').toUpperCase();
}
