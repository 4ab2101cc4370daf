import { en, type TextKey } from './en.ts';
import type { Translate } from './translate.ts';

const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key);

/** A scope in plain words: the operator's own, else ours for a standard scope, else its name. */
export function describeScope(t: Translate, scope: string, operatorText?: string): string {
  const key = `scope.${scope}`;
  return operatorText || (isTextKey(key) ? t(key) : scope);
}

/** A claim in plain words, or its name when it is not a standard one. */
export function describeClaim(t: Translate, claim: string): string {
  const key = `claim.${claim}`;
  return isTextKey(key) ? t(key) : claim;
}
