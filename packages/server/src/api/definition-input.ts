import {
  changeDefinition,
  clientsNaming,
  createDefinition,
  deleteDefinition,
  findDefinition,
  listDefinitions,
  membersOf,
} from '../admin/definitions.ts';
import { isRecord } from '../admin/fault.ts';
import { type Definition, nameOfDefinition, type StoredDefinition } from '../model/definition.ts';
import { stale } from './clients.ts';
import type { Call } from './operation.ts';
import { badBody, notFound, Problem } from './problem.ts';
import { mergePatch } from './request.ts';

/** What the operations of scopes and those of resources do alike, and what is each's own. */
export type Kind = Readonly<{
  kind: 'scope' | 'resource';
  /** Reads what a body means, or throws a `Problem` with every fault of it. */
  parse: (call: Call, input: Readonly<Record<string, unknown>>) => Definition;
  /** Why nobody changes what is not stored, when it is there all the same. */
  fixed: (call: Call, name: string) => Problem | undefined;
  /** Whether clients that name it still have something when it is gone. */
  hasAnother: (call: Call, name: string) => boolean;
}>;

/** All of them are held in memory. */
const MOST = 1000;

export const nameIn = ({ path }: Call, { kind }: Kind): string => path(kind);

/** One that is stored. */
export async function requireStored(call: Call, kind: Kind): Promise<StoredDefinition> {
  const name = nameIn(call, kind);
  const found = await findDefinition(call.provider, { kind: kind.kind, name });
  if (found === undefined) throw kind.fixed(call, name) ?? notFound(kind.kind);
  return found;
}

export async function create(call: Call, kind: Kind): Promise<StoredDefinition> {
  // What is null is as good as left out.
  const definition = kind.parse(call, bodyOf(mergePatch({}, call.body)));
  const fixed = kind.fixed(call, nameOfDefinition(definition));
  if (fixed !== undefined && fixed.kind === 'conflict') throw fixed;
  const others = (await listDefinitions(call.provider)).filter((one) => one.kind === kind.kind);
  if (others.length >= MOST) throw new Problem('conflict', `There are ${MOST} already.`);
  const made = await createDefinition(call.provider, definition);
  if (made === undefined) throw new Problem('conflict', `There is a ${kind.kind} of that name.`);
  return made;
}

export async function change(call: Call, kind: Kind): Promise<StoredDefinition> {
  const before = await requireStored(call, kind);
  const body = bodyOf(call.body);
  const name = nameOfDefinition(before);
  if (Object.hasOwn(body, kind.kind) && body[kind.kind] !== name)
    throw badBody([{ path: [kind.kind], message: 'cannot be changed' }]);
  if (call.version !== before.version) throw stale();
  const members = mergePatch(membersOf(before), body);
  return replace(call, before, kind.parse(call, { ...bodyOf(members), [kind.kind]: name }));
}

/** Makes it what it is to be, if nobody was faster. */
export async function replace(
  { provider }: Call,
  before: StoredDefinition,
  definition: Definition,
): Promise<StoredDefinition> {
  const outcome = await changeDefinition(provider, before, definition);
  if (outcome === 'stale') throw stale();
  if (outcome === 'unknown') throw notFound(before.kind);
  return outcome;
}

/** Refuses as long as clients name it, which would be told one thing and given another. */
export async function remove(call: Call, kind: Kind): Promise<void> {
  const before = await requireStored(call, kind);
  const name = nameOfDefinition(before);
  const clients = kind.hasAnother(call, name)
    ? []
    : await clientsNaming(call.provider, { kind: kind.kind, name });
  if (clients.length > 0)
    throw new Problem('conflict', `Take it from the applications that name it first: ${someOf(clients)}.`);
  if ((await deleteDefinition(call.provider, before)) === 'unknown') throw notFound(kind.kind);
}

/** As many as anybody reads. */
const MOST_TOLD = 10;

const someOf = (names: readonly string[]): string =>
  names.slice(0, MOST_TOLD).join(', ') + (names.length > MOST_TOLD ? ' and more' : '');

function bodyOf(body: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(body)) return body;
  throw badBody([{ path: [], message: 'must be a group of keys with values' }]);
}
