import type { Method, Operation } from './operation.ts';
import { isWellFormed } from './request.ts';

/** What is mounted at a path, and the variable parts of the one that was sent. */
export type Found = Readonly<{
  operations: Readonly<Partial<Record<Method, Operation>>>;
  path: Readonly<Record<string, string>>;
}>;

export type FindRoute = (path: string) => Found | undefined;

/** Finds by the number of parts of a path; a fixed part goes before a variable one. */
export function router(operations: readonly Operation[]): FindRoute {
  const places = new Map<
    string,
    { parts: readonly string[]; operations: Partial<Record<Method, Operation>> }
  >();
  for (const operation of operations) {
    const place = places.get(operation.path) ?? { parts: operation.path.split('/'), operations: {} };
    place.operations[operation.method] = operation;
    places.set(operation.path, place);
  }
  const all = [...places.values()].toSorted((one, other) => fixedFirst(one.parts) - fixedFirst(other.parts));
  return (path) => {
    const sent = path.split('/');
    for (const place of all) {
      const found = matched(place.parts, sent);
      if (found !== undefined) return { operations: place.operations, path: found };
    }
    return undefined;
  };
}

const fixedFirst = (parts: readonly string[]): number => parts.filter(isVariable).length;

const isVariable = (part: string): boolean => part.startsWith('{');

function matched(parts: readonly string[], sent: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== sent.length) return undefined;
  const variables: [string, string][] = [];
  for (const [index, part] of parts.entries()) {
    const text = sent[index] ?? '';
    if (!isVariable(part)) {
      if (part !== text) return undefined;
      continue;
    }
    const value = decoded(text);
    if (value === undefined || value === '') return undefined;
    variables.push([part.slice(1, -1), value]);
  }
  return Object.fromEntries(variables);
}

function decoded(part: string): string | undefined {
  try {
    const text = decodeURIComponent(part);
    return isWellFormed(text) && text.length <= 2048 ? text : undefined;
  } catch {
    return undefined;
  }
}
