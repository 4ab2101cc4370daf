import { remembered } from './remembered.ts';

/** Scope values in the order given, without repeats (RFC 6749 §3.3). Undefined when a character is not allowed there. */
export const parseScope = remembered((text): readonly string[] | undefined => {
  if (!/^[\x21\x23-\x5B\x5D-\x7E ]*$/.test(text)) return undefined;
  const values = text.split(' ').filter((value) => value !== '');
  return values.length < 2 ? values : [...new Set(values)];
});

/** Scope values of registered metadata, which was checked when it was stored. */
export const scopeValues = (text: string | undefined): readonly string[] => parseScope(text ?? '') ?? [];

export const formatScope = (values: readonly string[]): string => values.join(' ');
