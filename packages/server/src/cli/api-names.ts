import type { Operation } from '../api/operation.ts';

/** The command that an operation of the interface is: `signet NOUN VERB OPERAND…`. */
export type ApiName = Readonly<{
  noun: string;
  verb: string;
  /** The variable parts of the path, in its order. */
  operands: readonly string[];
}>;

/** Where the rules below give no good word; null has no command, because another one does the same. */
const VERBS: Readonly<Record<string, string | null>> = {
  rotateClientSecret: 'rotate-secret',
  setPassword: 'set-password',
  signOutUser: 'sign-out',
  endSession: 'end',
  endGrant: 'end',
  endConsent: 'end',
  endSessionOfUser: null,
  endGrantOfUser: null,
  endConsentOfUser: null,
  getStatistics: 'show',
  plan: null,
  applyPlan: null,
  export: null,
};

const isVariable = (part: string): boolean => part.startsWith('{');

/** The command of an operation; undefined where it has none, because it is about the caller and not about the provider. */
export function nameOf({ id, method, path, needs }: Operation): ApiName | undefined {
  const known = VERBS[id];
  if (!needs.startsWith('signet:') || known === null) return undefined;
  const [, collection = '', ...parts] = path.split('/');
  const operands = parts.filter(isVariable).map((part) => part.slice(1, -1));
  const tail = parts.filter((part) => !isVariable(part));
  const noun = singular(collection.replace(/^deleted-/, ''));
  if (collection.startsWith('deleted-')) return { noun, verb: 'deleted', operands };
  return { noun, verb: known ?? verbOf(method, tail, operands.length), operands };
}

const OF_COLLECTIONS: Readonly<Record<string, string>> = {
  GET: 'list',
  POST: 'create',
  PATCH: 'update',
  PUT: 'set',
  DELETE: 'delete',
};
const OF_PARTS: Readonly<Record<string, string>> = { PATCH: 'update-', PUT: 'add-', DELETE: 'remove-' };

function verbOf(method: string, tail: readonly string[], operands: number): string {
  const last = tail.at(-1);
  if (last === undefined)
    return method === 'GET' && operands > 0 ? 'get' : (OF_COLLECTIONS[method] ?? method);
  const change = OF_PARTS[method];
  return change === undefined ? last : change + singular(last);
}

const singular = (word: string): string => (word === 'statistics' ? word : word.replace(/s$/, ''));
