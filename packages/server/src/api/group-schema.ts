import * as z from 'zod';
import { groupShape } from '../admin/group-record.ts';
import { timestamp } from './client-schema.ts';

const { name, display_name, description } = groupShape;

export const groupView = z
  .object({
    name: z.string(),
    display_name: z.string().nullable(),
    description: z.string().nullable(),
    members: z.int().meta({ description: 'How many people are in it.' }),
    source: z
      .enum(['file', 'manual'])
      .meta({ description: 'Who wrote it last: the configuration file, or somebody.' }),
    version: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Group' });

export const newGroup = z.strictObject({ name, display_name, description }).meta({ id: 'NewGroup' });

/** A merge patch of a group: null removes a member. */
export const groupPatch = z
  .strictObject({ display_name: display_name.nullable(), description: description.nullable() })
  .meta({ id: 'GroupPatch' });
