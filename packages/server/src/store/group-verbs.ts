import type { AuditEvent } from '../model/audit-event.ts';
import type { Group } from '../model/group.ts';
import type { Source, User } from '../model/user.ts';

/** What is said of a group. */
export type GroupFields = Readonly<Pick<Group, 'name' | 'display_name' | 'description'>>;

/** Recorded in the same step. */
type Recorded = Readonly<{ event?: Omit<AuditEvent, 'id'> | undefined }>;

export type GroupVerbs = {
  findGroup(tenant: number, name: string): Promise<Group | undefined>;
  /** Those of the names that groups have. */
  findGroupNames(tenant: number, names: readonly string[]): Promise<readonly string[]>;
  /** In the order of their names. */
  pageGroups(
    tenant: number,
    page: {
      after: string;
      atMost: number;
      /** Part of the name or of the display name, capitals aside. */
      text?: string | undefined;
      source?: Source | undefined;
    },
  ): Promise<readonly Group[]>;
  createGroup(
    tenant: number,
    group: GroupFields & Recorded & Readonly<{ source: Source }>,
    now: number,
  ): Promise<'created' | 'duplicate'>;
  /** Replaces what is said of the group that is still of that version. */
  changeGroup(
    tenant: number,
    group: GroupFields & Recorded & Readonly<{ source: Source; version: number }>,
    now: number,
  ): Promise<'changed' | 'stale'>;
  /** Removes the group; nobody is in it any more. */
  deleteGroup(tenant: number, name: string, event?: Recorded['event']): Promise<'deleted' | 'unknown'>;
  /** People in the group with a number above `after`, in the order in which they were made. */
  pageMembers(
    tenant: number,
    name: string,
    page: { after: number; atMost: number },
  ): Promise<readonly User[]>;
  /** Names in their order, by the number of the user; of users who are in none there is nothing. */
  listMemberships(
    tenant: number,
    users: readonly number[],
  ): Promise<readonly Readonly<{ user_id: number; group: string }>[]>;
  /**
   * Puts the user into the group, unless they are in `MOST_GROUPS` already. What a change of the user rests on is another version then,
   * for their groups are part of what is told of them.
   */
  addMember(
    tenant: number,
    member: Readonly<{ group: string; user_id: number }> & Recorded,
    now: number,
  ): Promise<'added' | 'unchanged'>;
  removeMember(
    tenant: number,
    member: Readonly<{ group: string; user_id: number }> & Recorded,
    now: number,
  ): Promise<'removed' | 'unchanged'>;
};

/** A group among the changes of a plan. */
export type PlannedGroup =
  | Readonly<{ what: 'create group'; group: GroupFields & { source: Source } }>
  | Readonly<{ what: 'change group'; group: GroupFields & { source: Source; version: number } }>
  | Readonly<{ what: 'delete group'; name: string; version: number }>;
