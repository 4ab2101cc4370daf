import * as z from 'zod';
import { clientShape } from '../admin/client-metadata-schema.ts';
import { type ClientView, viewOf } from '../admin/clients.ts';
import { BUILT_IN_CLIENT_IDS } from '../model/admin-api.ts';
import type { Client, ClientMetadata } from '../model/client.ts';
import { isoTime } from '../model/clock.ts';

const { client_secret, ...readable } = clientShape;
const optional = Object.fromEntries(
  Object.entries(readable).map(([name, schema]) => [
    name,
    schema instanceof z.ZodOptional ? schema : schema.optional(),
  ]),
);

/** What every client has, whatever it was created from. */
const ALWAYS: readonly string[] = [
  'application_type',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'response_types',
  'token_endpoint_auth_method',
  'subject_type',
  'consent',
] satisfies readonly (keyof ClientMetadata)[];

const told = Object.fromEntries(
  Object.entries(optional).map(([name, schema]) => [name, ALWAYS.includes(name) ? present(schema) : schema]),
);

/** The schema of what is there in any case, with what is said of it. */
function present(schema: z.ZodType): z.ZodType {
  const isOptional = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  if (!isOptional) return schema;
  const said = schema.meta();
  const inner = present(schema.unwrap() as z.ZodType);
  return said === undefined ? inner : inner.meta(said);
}

export const timestamp = z.string().meta({ format: 'date-time' });

/** A client as it is told: its metadata by the registered names, and what the store knows. */
export const clientView = z
  .object({
    ...told,
    client_id: z.string(),
    source: z.enum(['file', 'manual', 'registration', 'built-in']).meta({
      description:
        'Where it comes from: the configuration file, somebody, the application itself, or Signet, whose own clients nobody changes.',
    }),
    version: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
    expires_at: timestamp.optional().meta({
      description: 'When the registration of an application that registered itself is over.',
    }),
    previous_secret_until: timestamp
      .optional()
      .meta({ description: 'Until when the secret before the present one is good beside it.' }),
  })
  .meta({ id: 'Client' });

/** The same with a secret that is told once. */
export const savedClient = z
  .object({
    ...clientView.shape,
    client_secret: client_secret.meta({ description: 'Told here and never again.' }),
  })
  .meta({ id: 'SavedClient' });

/** What a client is created from; `client_id` and a secret are made where they are left out. */
export const newClient = z
  .strictObject({ ...optional, client_id: clientShape.client_id.optional(), client_secret })
  .meta({ id: 'NewClient' });

/** A merge patch of a client: null removes a member. */
export const clientPatch = z
  .strictObject(
    Object.fromEntries(
      Object.entries(optional)
        .filter(([name]) => name !== 'client_id')
        .map(([name, schema]) => [name, z.nullable(schema)]),
    ),
  )
  .meta({ id: 'ClientPatch' });

/** A client as it is told, with when the secret before the present one ends. */
export type ClientShown = ClientView & Readonly<{ expires_at?: string; previous_secret_until?: string }>;

export const clientShown = (client: Client): ClientShown => ({
  ...viewOf(client),
  ...(client.expires_at !== null && { expires_at: isoTime(client.expires_at) }),
  ...(client.previous_secret !== null && {
    previous_secret_until: isoTime(client.previous_secret.until),
  }),
});

export const isBuiltIn = (client_id: string): boolean => BUILT_IN_CLIENT_IDS.includes(client_id);
