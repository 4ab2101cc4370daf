import type { TenantOptions } from './open-app.ts';
import { type PlanView, renderPlan } from './plan-text.ts';
import { requireConfirmation } from './prompt.ts';
import type { ServerOptions } from './remote.ts';
import { print, say, toJson } from './terminal.ts';

export type PlanOptions = TenantOptions &
  ServerOptions &
  Readonly<{ prune?: boolean; output: 'text' | 'json' }>;
export type ApplyOptions = PlanOptions & Readonly<{ yes?: boolean }>;

export async function confirmChanges({ yes }: ApplyOptions, count: number): Promise<void> {
  if (count > 0 && yes !== true)
    await requireConfirmation(`Make ${count === 1 ? 'this change' : `these ${count} changes`}?`);
}

export function sayMade(count: number): void {
  if (count > 0) say(count === 1 ? 'Made the change.' : `Made ${count} changes.`);
}

export function showPlans({ output }: PlanOptions, views: readonly PlanView[]): void {
  print(output === 'json' ? toJson({ tenants: views }) : renderPlan(views));
}
