import { IntlMessageFormat } from 'intl-messageformat';
import type { Html } from '../html.ts';
import { de } from './de.ts';
import { en, type TextKey, type Texts } from './en.ts';

/** The languages with a catalogue. */
export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];

/** A text in one language. A placeholder without its value is a fault and throws. */
export type Translate = {
  (key: TextKey, values?: Readonly<Record<string, string | number>>): string;
  /** The same with markup in some placeholders; the pieces go into a template, which escapes the rest. */
  readonly rich: (
    key: TextKey,
    values: Readonly<Record<string, Html | string | number>>,
  ) => readonly (Html | string)[];
};

const catalogues: Readonly<Record<Locale, Texts>> = { en, de };

const isLocale = (text: string): text is Locale => LOCALES.some((locale) => locale === text);

function compiler(locale: Locale): (key: TextKey) => IntlMessageFormat {
  const compiled = new Map<TextKey, IntlMessageFormat>();
  return (key) => {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const fresh = new IntlMessageFormat(catalogues[locale][key], locale, undefined, { ignoreTag: true });
    compiled.set(key, fresh);
    return fresh;
  };
}

function buildTranslator(locale: Locale): Translate {
  const compile = compiler(locale);
  const rich: Translate['rich'] = (key, values) =>
    compile(key)
      .formatToParts<Html>(values)
      .map((part) => part.value);
  const plain = (key: TextKey, values?: Readonly<Record<string, string | number>>): string =>
    String(compile(key).format(values));
  return Object.assign(plain, { rich });
}

const translators = new Map<Locale, Translate>();

/** The texts in that language, English where there is no catalogue for it. Messages are compiled at first use and kept. */
export function translator(locale: string): Translate {
  const known = isLocale(locale) ? locale : 'en';
  const translate = translators.get(known) ?? buildTranslator(known);
  translators.set(known, translate);
  return translate;
}
