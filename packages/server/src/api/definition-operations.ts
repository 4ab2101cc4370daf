import type * as z from 'zod';
import { definitionVersion, definitionVersions, findDefinition } from '../admin/definitions.ts';
import { type AdminResource, adminApiOf, adminScope } from '../model/admin-api.ts';
import { nameOfDefinition, type StoredDefinition } from '../model/definition.ts';
import { change, create, type Kind, nameIn, remove, replace, requireStored } from './definition-input.ts';
import { definitionVersionView } from './definition-schema.ts';
import { type Answer, type Call, done, etag, type Operation, ok, operation } from './operation.ts';
import { keyIn, limitOf, listOf, numberKey, pageOf, pageShape } from './page.ts';
import { notFound } from './problem.ts';

/** A kind of definition as it is administered. */
export type DefinitionFace = Kind &
  Readonly<{
    /** As in `listScopes`. */
    one: string;
    resource: Extract<AdminResource, 'scopes' | 'resources'>;
    /** As people call many. */
    many: string;
    /** What a deletion means. */
    deletion: string;
    view: z.ZodType;
    created: z.ZodType;
    patch: z.ZodType;
    shown: (definition: StoredDefinition) => unknown;
    /** What is there, stored or not. */
    list: (call: Call) => Promise<readonly unknown[]>;
    /** One that is there, stored or not. */
    read: (call: Call) => Promise<Answer>;
  }>;

/** The number in a path; what is none is that of nothing. */
export const versionIn = ({ path }: Call): number =>
  /^[1-9][0-9]{0,14}$/.test(path('version')) ? Number(path('version')) : 0;

/** Everything that is done with one kind of definition. */
export const definitionOperations = (face: DefinitionFace): readonly Operation[] => [
  ...collectionOperations(face),
  ...singleOperations(face),
  ...versionOperations(face),
];

const collectionOf = ({ resource }: DefinitionFace): string => `/${resource}`;
const singleOf = (face: DefinitionFace): string => `${collectionOf(face)}/{${face.kind}}`;
const reading = ({ resource }: DefinitionFace) => adminScope(resource, 'read');
const writing = ({ resource }: DefinitionFace) => adminScope(resource, 'write');
const tagged = ({ shown }: DefinitionFace, stored: StoredDefinition): Answer =>
  ok(shown(stored), etag(stored.version));

function collectionOperations(face: DefinitionFace): readonly Operation[] {
  const { one, kind, view, shown } = face;
  const path = collectionOf(face);
  return [
    operation({
      method: 'GET',
      path,
      id: `list${one}s`,
      summary: face.many,
      needs: reading(face),
      answers: { status: 200, description: 'All of them.', schema: listOf(view) },
      work: async (call) => ok({ items: await face.list(call), next: null }),
    }),
    operation({
      method: 'POST',
      path,
      id: `create${one}`,
      summary: `Makes a ${kind}, which counts from now on`,
      needs: writing(face),
      body: { kind: 'json', schema: face.created },
      idempotent: true,
      answers: { status: 201, description: `The ${kind}.`, schema: view },
      problems: [409, 422],
      work: async (call) => {
        const made = await create(call, face);
        const name = encodeURIComponent(nameOfDefinition(made));
        const location = `${adminApiOf(call.site.provider.tenant)}${path}/${name}`;
        return { status: 201, body: shown(made), headers: { location, ...etag(made.version) } };
      },
    }),
  ];
}

function singleOperations(face: DefinitionFace): readonly Operation[] {
  const { one, kind, view } = face;
  const path = singleOf(face);
  return [
    operation({
      method: 'GET',
      path,
      id: `get${one}`,
      summary: `One ${kind}`,
      needs: reading(face),
      answers: { status: 200, description: `The ${kind}.`, schema: view },
      problems: [404],
      work: face.read,
    }),
    operation({
      method: 'PATCH',
      path,
      id: `change${one}`,
      summary: 'Changes what is named, and leaves the rest; it counts from now on',
      needs: writing(face),
      body: { kind: 'merge-patch', schema: face.patch },
      versioned: true,
      answers: { status: 200, description: `The ${kind} as it is now.`, schema: view },
      problems: [404, 409, 412, 422],
      work: async (call) => tagged(face, await change(call, face)),
    }),
    operation({
      method: 'DELETE',
      path,
      id: `delete${one}`,
      summary: face.deletion,
      needs: writing(face),
      answers: { status: 204, description: 'It is gone.' },
      problems: [404, 409],
      work: async (call) => {
        await remove(call, face);
        return done;
      },
    }),
  ];
}

function versionOperations(face: DefinitionFace): readonly Operation[] {
  const path = `${singleOf(face)}/versions`;
  const { one, kind } = face;
  return [
    operation<typeof pageShape>({
      method: 'GET',
      path,
      id: `list${one}Versions`,
      summary: `What a ${kind} was, the newest first; for 400 days`,
      needs: reading(face),
      query: pageShape,
      answers: { status: 200, description: 'A page.', schema: listOf(definitionVersionView) },
      problems: [404],
      work: async (call) => {
        const key = { kind, name: nameIn(call, face) };
        if ((await findDefinition(call.provider, key)) === undefined) throw notFound(kind);
        return ok(await versionPage(call, key));
      },
    }),
    operation({
      method: 'POST',
      path: `${path}/{version}/revert`,
      id: `revert${one}`,
      summary: `Makes a ${kind} what it was in that version, which is a new version`,
      needs: writing(face),
      answers: { status: 200, description: `The ${kind} as it is now.`, schema: face.view },
      problems: [404, 409, 412, 422],
      work: async (call) => {
        const before = await requireStored(call, face);
        const key = { kind, name: nameOfDefinition(before) };
        const earlier = await definitionVersion(call.provider, key, versionIn(call));
        if (earlier === undefined) throw notFound('version');
        // By the rules of today, for they may have changed since.
        return tagged(face, await replace(call, before, face.parse(call, { ...earlier.value })));
      },
    }),
  ];
}

/** A page of what something was. */
export async function versionPage(
  { provider, query }: Call<typeof pageShape>,
  key: Parameters<typeof definitionVersions>[1],
): Promise<object> {
  const [before] = keyIn(numberKey, query) ?? [];
  const found = await definitionVersions(provider, key, { before, atMost: limitOf(query) + 1 });
  const { shown, next } = pageOf(found, query, ({ version }) => [version]);
  return { items: shown, next };
}
