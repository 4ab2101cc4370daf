import type * as z from 'zod';
import { isRecord } from '../admin/fault.ts';
import { jsonSchemas } from '../api/schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** A schema of the interface as JSON Schema, with what it refers to in its place. */
export function schemaOf(schema: z.ZodType): Json {
  const schemas = jsonSchemas();
  const own = schemas.of(schema);
  return followed(own, schemas.named());
}

function followed(schema: Json, named: Json): Json {
  const { $ref, items } = schema;
  if (typeof $ref === 'string') {
    const found = named[$ref.replace(/^.*\//, '')];
    return isRecord(found) ? followed({ ...found, ...own(schema) }, named) : schema;
  }
  return isRecord(items) ? { ...schema, items: followed(items, named) } : schema;
}

const own = (schema: Json): Json =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$ref'));

/** The members of a group, each with what it may be besides null. */
export function membersOf({ properties }: Json): Readonly<Record<string, Json>> {
  const all = isRecord(properties) ? Object.entries(properties) : [];
  return Object.fromEntries(all.map(([name, schema]) => [name, withoutNull(isRecord(schema) ? schema : {})]));
}

function withoutNull(schema: Json): Json {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const some = anyOf.filter(isRecord).filter(({ type }) => type !== 'null');
  const [only] = some;
  return some.length === 1 && only !== undefined ? { ...only, ...rest } : rest;
}
