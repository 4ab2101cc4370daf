import * as z from 'zod';
import { MOST_GROUPS, normalizeGroupName } from '../model/group.ts';
import { listOf, words } from './client-metadata-fields.ts';
import { checkFields, type Fault } from './fault.ts';

/** A group as an operator writes one. */
export type GroupRecord = Readonly<{
  name: string;
  display_name?: string | undefined;
  description?: string | undefined;
}>;

const groupName = z.string().transform((text, check) => {
  const name = normalizeGroupName(text);
  if (name !== undefined) return name;
  check.addIssue({
    code: 'custom',
    message: 'must be 1 to 200 characters without control characters or blanks at an end',
  });
  return z.NEVER;
});

/** Names of groups, as a user has them. */
export const groupNames = listOf(groupName, MOST_GROUPS);

export const groupShape = {
  name: groupName.meta({ description: 'What applications are told; capitals make a difference.' }),
  display_name: words(200).optional().meta({ description: 'What people call it.' }),
  description: words(1000).optional().meta({ description: 'What it is for.' }),
};

export const groupSchema = z.strictObject(groupShape);

/** Checks a group as an operator writes one. */
export function parseGroupRecord(input: unknown): { group: GroupRecord } | { faults: readonly Fault[] } {
  const { complete, faults } = checkFields(groupShape, input, []);
  return complete === undefined ? { faults } : { group: complete };
}
