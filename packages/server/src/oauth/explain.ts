import type { Refusal } from '../model/refusal.ts';
import { RULES } from './rules.ts';

/** A refusal with its rule: everything an operator needs to mend the request. */
export type Explanation = Refusal &
  Readonly<{ says: string; spec: string; fix: string; differences: readonly string[] }>;

/** Joins the stored facts with the catalogue; a rule of a former version is told by its name alone. */
export function explain(refusal: Refusal): Explanation {
  const known = Object.hasOwn(RULES, refusal.rule) ? RULES[refusal.rule as keyof typeof RULES] : undefined;
  return {
    ...refusal,
    says: known?.says ?? 'A rule that this version does not know.',
    spec: known?.spec ?? '',
    fix: known?.fix ?? '',
    differences: differences(
      refusal.facts['received'],
      refusal.facts['registered'] ?? refusal.facts['expected'],
    ),
  };
}

/** Where the value sent leaves each registered one, character by character. */
function differences(received: unknown, registered: unknown): readonly string[] {
  if (typeof received !== 'string') return [];
  return [registered]
    .flat()
    .filter((value) => typeof value === 'string')
    .map((value) => firstDifference(received, value));
}

function firstDifference(sent: string, registered: string): string {
  let same = 0;
  while (same < sent.length && sent[same] === registered[same]) same += 1;
  if (same === sent.length && same === registered.length) return `equal to ${registered}`;
  const at = `equal to ${registered} up to character ${same}`;
  return `${at}, then sent ${quote(sent.slice(same))} where ${quote(registered.slice(same))} is registered`;
}

const quote = (text: string): string => (text === '' ? 'nothing' : JSON.stringify(text));
