import type { Step } from '../admin/plan.ts';
import { adminScope } from '../model/admin-api.ts';
import { holdsEverything, requirePower } from './caller.ts';
import { requireManageable } from './client-input.ts';
import type { Call } from './operation.ts';
import { Problem } from './problem.ts';
import { requireRoleGivable } from './user-input.ts';

/** Throws unless the caller may do each step on its own, and somebody is left who administers. */
export async function requireStepsGivable(call: Call, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    requirePower(call.site, call.caller, adminScope(`${step.kind}s`, 'write'));
    requireStepGivable(call, step);
    // Who is in a group is what an application goes by.
    if (step.kind === 'user' && step.differences.some(({ member }) => member === 'groups'))
      requirePower(call.site, call.caller, 'signet:groups:write');
  }
  await requireAdministratorLeft(call, steps);
}

/** Nobody gives away what they have not, with what is there and with what is to come. */
function requireStepGivable({ caller }: Call, step: Step): void {
  if (step.kind === 'client') {
    if (step.action !== 'create') requireManageable(caller, step.before.metadata);
    if (step.action !== 'delete') requireManageable(caller, step.wanted.metadata);
    return;
  }
  if (step.kind !== 'user') return;
  if (step.action !== 'create') requireRoleGivable(caller, step.before.role);
  if (step.action !== 'delete') requireRoleGivable(caller, step.wanted.role);
  // A sub that somebody had before opens whatever applications keep under it.
  if (step.action === 'create' && step.wanted.sub !== undefined && !holdsEverything(caller))
    throw new Problem('forbidden', 'Only who may do everything chooses the sub of a person.', {
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
    });
}

/** Somebody must be left who can undo it. */
async function requireAdministratorLeft(
  { provider: { store, tenant }, caller }: Call,
  steps: readonly Step[],
): Promise<void> {
  const lost = steps.filter(endsAdministration).length;
  if (lost === 0 || caller.isOperator === true || steps.some(makesAdministrator)) return;
  if ((await store.countUsersWithRole(tenant.id, 'admin')) <= lost)
    throw new Problem('conflict', 'No administrator who can sign in would be left.');
}

function endsAdministration(step: Step): boolean {
  if (step.kind !== 'user' || step.action === 'create') return false;
  if (step.before.role !== 'admin' || step.before.disabled_at !== null) return false;
  return step.action === 'delete' || step.wanted.role !== 'admin' || step.wanted.disabled === true;
}

const makesAdministrator = (step: Step): boolean =>
  step.kind === 'user' &&
  step.action === 'create' &&
  step.wanted.role === 'admin' &&
  step.wanted.disabled !== true &&
  (step.wanted.password ?? step.wanted.password_hash) !== undefined;
