import * as z from 'zod';
import { checkFields } from '../admin/fault.ts';
import { listKeys, rotateKeys } from '../admin/keys.ts';
import { SIGNING_ALGORITHMS } from '../model/client.ts';
import { timestamp } from './client-schema.ts';
import { type Operation, ok, operation } from './operation.ts';
import { badBody } from './problem.ts';

const keyView = z
  .object({
    kid: z.string(),
    alg: z.enum(SIGNING_ALGORITHMS),
    state: z.enum(['next', 'current', 'former']),
    published_at: timestamp,
    active_from: timestamp,
    retire_at: timestamp.optional(),
  })
  .meta({ id: 'Key' });

const rotationShape = {
  alg: z.enum(SIGNING_ALGORITHMS).optional().meta({ description: 'Every one in use when left out.' }),
  when: z.enum(['after-lead', 'now']).default('after-lead').meta({
    description:
      'Whether the new key signs when everybody can know it, or at once, which is for emergencies.',
  }),
};

export const KEYS: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/keys',
    id: 'listKeys',
    summary: 'Published signing keys, the oldest first',
    needs: 'signet:keys:read',
    answers: { status: 200, description: 'All of them.', schema: z.object({ items: z.array(keyView) }) },
    work: async ({ provider }) => ok({ items: await listKeys(provider) }),
  }),
  operation({
    method: 'POST',
    path: '/keys/rotate',
    id: 'rotateKeys',
    summary: 'Publishes new signing keys',
    needs: 'signet:keys:write',
    body: {
      kind: 'json',
      schema: z.strictObject({ ...rotationShape, when: rotationShape.when.optional() }),
      optional: true,
    },
    answers: {
      status: 200,
      description:
        'The algorithms for which there is a new key; none for one that has a key waiting already.',
      schema: z.object({ rotated: z.array(z.enum(SIGNING_ALGORITHMS)), items: z.array(keyView) }),
    },
    problems: [422],
    work: async ({ provider, body }) => {
      const { complete, faults } = checkFields(rotationShape, body ?? {}, []);
      if (complete === undefined) throw badBody(faults);
      const rotated = await rotateKeys(provider, complete);
      return ok({ rotated, items: await listKeys(provider) });
    },
  }),
];
