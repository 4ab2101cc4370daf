import * as z from 'zod';
import { resourceSchema, scopeSchema } from '../admin/definition-schema.ts';
import { timestamp } from './client-schema.ts';

const stored = {
  version: z.int().meta({ description: '0 of what is not stored, and so cannot be changed here.' }),
  created_at: timestamp.nullable(),
  updated_at: timestamp.nullable(),
};

export const scopeView = z
  .object({
    scope: z.string(),
    description: z.string().nullable(),
    claims: z.array(z.string()),
    source: z.enum(['profile', 'resource', 'file', 'manual']).meta({
      description:
        'Who says what it is: the profile; nobody, where a resource alone names it; the configuration file; or somebody.',
    }),
    ...stored,
  })
  .meta({ id: 'Scope' });

export const resourceView = z
  .object({
    resource: z.string(),
    name: z.string().nullable(),
    scope: z.string(),
    access_token_format: z.enum(['jwt', 'opaque']).nullable(),
    access_token_lifetime: z.int().nullable().meta({ description: 'Seconds.' }),
    source: z.enum(['file', 'manual']),
    ...stored,
  })
  .meta({ id: 'Resource' });

const { scope, ...ofScope } = scopeSchema.shape;
const { resource, ...ofResource } = resourceSchema.shape;

/** The same members, each of which may be null: as good as left out of what is created, and removed from what is changed. */
const nullable = (shape: Readonly<Record<string, z.ZodType>>) =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.nullable()]));

export const newScope = z.strictObject({ scope, ...nullable(ofScope) }).meta({ id: 'NewScope' });
export const scopePatch = z.strictObject(nullable(ofScope)).meta({ id: 'ScopePatch' });
export const newResource = z.strictObject({ resource, ...nullable(ofResource) }).meta({ id: 'NewResource' });
export const resourcePatch = z.strictObject(nullable(ofResource)).meta({ id: 'ResourcePatch' });

export const definitionVersionView = z
  .object({
    version: z.int(),
    at: timestamp,
    actor: z.string().nullable(),
    changed: z.array(z.string()).meta({ description: 'What is otherwise in the version after it, or now.' }),
    value: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'DefinitionVersion' });
