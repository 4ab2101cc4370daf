import * as z from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** Collects JSON Schemas: those with an `id` are named and referred to, all others stand where they are used. */
export type Schemas = Readonly<{ of(schema: z.ZodType): Json; named(): Json }>;

/** Notes of schemas for other readers. */
const NOTES = ['usual', 'kind', 'id'];

export function jsonSchemas(): Schemas {
  const known = new Map<string, unknown>();
  return {
    of(schema) {
      // Inside another one, for the outermost schema is never referred to.
      const { $defs = {}, properties = {} } = z.toJSONSchema(z.object({ it: schema }), {
        io: 'input',
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          for (const note of NOTES) delete jsonSchema[note];
          const { wire } = jsonSchema;
          if (wire === undefined) return;
          // What is a text in a query is told as what it stands for.
          const { description } = jsonSchema;
          for (const name of Object.keys(jsonSchema)) delete jsonSchema[name];
          Object.assign(jsonSchema, wire, description !== undefined && { description });
        },
      });
      for (const [name, named] of Object.entries($defs)) known.set(name, referring(named));
      return referring(properties['it']) as Json;
    },
    named: () => Object.fromEntries([...known].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** The same with references to where OpenAPI keeps what is named. */
function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) =>
      name === '$ref' && typeof member === 'string'
        ? [name, member.replace(/^#\/\$defs\//, '#/components/schemas/')]
        : [name, referring(member)],
    ),
  );
}
