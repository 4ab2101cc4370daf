import { allOrNothing, type Database, lastOrNothing, orNothing, type Statement } from '../database.ts';
import type { PlannedChange, PlanVerbs } from '../store.ts';
import { insertEvent } from './audit.ts';
import { clientChange, clientCreation, removeClient } from './clients.ts';
import { definitionChange, definitionCreation, definitionDeletion } from './definitions.ts';
import { plannedGroup, setGroups } from './groups.ts';
import {
  changePassword,
  changeUser,
  disableStatements,
  enableStatement,
  insertPlannedUser,
  removeUser,
} from './user-changes.ts';

export const planVerbs = (database: Database): PlanVerbs => ({
  async applyPlan(tenant, changes, now) {
    if (changes.length === 0) return 'applied';
    const statements = changes.flatMap((change) => [
      ...statementsOf(tenant, change, now),
      ...change.events.map((event) => insertEvent(tenant, event)),
    ]);
    return (await allOrNothing(database, statements)) ? 'applied' : 'stale';
  },
});

function statementsOf(tenant: number, change: PlannedChange, now: number): readonly Statement[] {
  const actor = change.events[0]?.actor;
  switch (change.what) {
    case 'create client':
      return clientCreation(tenant, change.client, now);
    case 'change client':
      return clientChange(tenant, change.client, now, change.version);
    case 'delete client':
      return lastOrNothing(removeClient(tenant, change.client_id, { now, version: change.version, actor }));
    case 'create user':
      return insertPlannedUser(tenant, change.user, change.disabled, now);
    case 'change user':
      return changesOfUser(tenant, change, now);
    case 'delete user':
      return lastOrNothing(removeUser(tenant, change.id, { now, version: change.version, actor }));
    case 'create definition':
      return definitionCreation(tenant, change.created, now);
    case 'change definition':
      return definitionChange(tenant, change.changed, now, change.version);
    case 'delete definition':
      return definitionDeletion(tenant, change.key, change.version);
    case 'create group':
    case 'change group':
    case 'delete group':
      return plannedGroup(tenant, change, now);
  }
}

function changesOfUser(
  tenant: number,
  { user, version, password, disabled, groups }: Extract<PlannedChange, { what: 'change user' }>,
  now: number,
): readonly Statement[] {
  return [
    orNothing(changeUser(tenant, user, now, version)),
    ...(password === undefined ? [] : changePassword(tenant, user.id, password, now)),
    ...(groups === undefined ? [] : setGroups(tenant, { user_id: user.id }, groups)),
    ...(disabled === true ? disableStatements(tenant, user.id, now) : []),
    ...(disabled === false ? [enableStatement(tenant, user.id, now)] : []),
  ];
}
