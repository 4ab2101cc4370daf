import { LOCALES, type Locale } from './translate.ts';

/** Wishes beyond this many characters are not read: no honest browser sends as much. */
const READ_LIMIT = 500;

/** The catalogue for a language tag: `de-AT` is served by `de` (RFC 4647 §3.4). */
function localeFor(tag: string): Locale | undefined {
  const language = tag.trim().toLowerCase().split('-', 1)[0];
  return LOCALES.find((locale) => locale === language);
}

/** `q` of one Accept-Language part: 1 when absent, 0 when it is no weight (RFC 9110 §12.4.2). */
function weightOf(parameters: readonly string[]): number {
  const q = parameters.map((parameter) => parameter.trim().toLowerCase()).find((p) => p.startsWith('q='));
  if (q === undefined) return 1;
  return /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q.slice(2)) : 0;
}

function fromUiLocales(uiLocales: string): Locale | undefined {
  const tags = uiLocales.slice(0, READ_LIMIT).split(' ');
  return tags.map(localeFor).find((locale) => locale !== undefined);
}

function fromAcceptLanguage(header: string): Locale | undefined {
  const wishes = header
    .slice(0, READ_LIMIT)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';');
      return { locale: localeFor(tag), weight: weightOf(parameters) };
    });
  const usable = wishes.filter((wish) => wish.locale !== undefined && wish.weight > 0);
  return usable.toSorted((a, b) => b.weight - a.weight)[0]?.locale;
}

/**
 * The language to answer in: the first of `ui_locales` we have (OpenID Connect Core 1.0 §3.1.2.1),
 * else the heaviest of Accept-Language, else English. Malformed wishes count as none.
 */
export function chooseLocale(wishes: Readonly<{ uiLocales?: string; acceptLanguage?: string }>): Locale {
  return fromUiLocales(wishes.uiLocales ?? '') ?? fromAcceptLanguage(wishes.acceptLanguage ?? '') ?? 'en';
}
