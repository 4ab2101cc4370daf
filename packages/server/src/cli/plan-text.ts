import type { Difference } from '../admin/differences.ts';
import { idOf, type Named, type Plan, type Step } from '../admin/plan.ts';
import { printable, wordOf } from './terminal.ts';

/** A plan as it is shown: no secret, no hash. */
export type PlanView = Readonly<{
  tenant: string;
  issuer: string;
  steps: readonly Readonly<{
    kind: Step['kind'];
    id: string;
    action: Step['action'];
    differences: readonly Difference[];
    consequence?: string;
  }>[];
  left: readonly Named[];
  by_hand: Plan['byHand'];
}>;

/** A plan as the interface tells it, without what people feel of it. */
export type ToldPlan = Readonly<{
  steps: readonly Omit<PlanView['steps'][number], 'consequence'>[];
  left: PlanView['left'];
  by_hand: PlanView['by_hand'];
}>;

export const planView = (tenant: { name: string; issuer: string }, plan: Plan): PlanView =>
  viewOfTold(tenant, {
    steps: plan.steps.map((step) => {
      const { kind, action, differences } = step;
      return { kind, id: idOf(step), action, differences };
    }),
    left: plan.left,
    by_hand: plan.byHand,
  });

/** The same of a plan that a server has made. */
export const viewOfTold = (
  { name, issuer }: { name: string; issuer: string },
  { steps, left, by_hand }: ToldPlan,
): PlanView => ({
  tenant: name,
  issuer,
  steps: steps.map((step) => {
    const consequence = consequenceOf(step);
    return { ...step, ...(consequence !== undefined && { consequence }) };
  }),
  left,
  by_hand,
});

export const countChanges = (plans: readonly Plan[]): number =>
  plans.reduce((sum, { steps }) => sum + steps.length, 0);

/** What people and applications feel of it. */
function consequenceOf(step: ToldPlan['steps'][number]): string | undefined {
  if (step.action === 'create') return undefined;
  if (step.kind === 'client') {
    if (step.action === 'delete') return 'its codes, refresh tokens and consents end with it';
    return step.differences.some(isSecret) ? 'the former secret is good no more' : undefined;
  }
  if (step.kind === 'scope') return step.action === 'delete' ? 'it opens no claims any more' : undefined;
  if (step.kind === 'resource')
    return step.action === 'delete' ? 'no access tokens are made for it any more' : undefined;
  if (step.kind === 'group') return step.action === 'delete' ? 'nobody is in it any more' : undefined;
  if (step.action === 'delete') return 'with all that rests on it';
  const ends = step.differences.some(
    (one) => isSecret(one) || (one.member === 'disabled' && one.after === true),
  );
  return ends ? 'every session and token of the user ends' : undefined;
}

const isSecret = (one: Difference): boolean => one.secret === true;

const SIGNS = { create: '+', change: '~', adopt: '~', delete: '-' } as const;

export const renderPlan = (views: readonly PlanView[]): string =>
  views.map((view) => renderTenant(view, views.length > 1)).join('\n\n');

function renderTenant(view: PlanView, isOneOfMany: boolean): string {
  const { steps, left } = view;
  const lines = [
    ...steps.flatMap(renderStep),
    ...left.map(
      ({ kind, id }) =>
        `! ${printable(kind)} ${printable(id)}  stands in the file no more; --prune deletes it`,
    ),
  ];
  const heading = isOneOfMany ? [`${view.tenant}  ${view.issuer}`] : [];
  return [...heading, ...lines, ...(lines.length > 0 ? [''] : []), summary(view)].join('\n');
}

function renderStep({ kind, id, action, differences, consequence }: PlanView['steps'][number]): string[] {
  const note = [
    ...(action === 'adopt' ? ['made by hand; it is the file’s from now on'] : []),
    ...(consequence === undefined ? [] : [consequence]),
  ].join('; ');
  const width = Math.max(0, ...differences.map(({ member }) => member.length));
  return [
    `${SIGNS[action]} ${printable(kind)} ${printable(id)}${note === '' ? '' : `  (${note})`}`,
    ...differences.map(
      (one) => `    ${printable(one.member).padEnd(width)}  ${renderValues(one, action === 'create')}`,
    ),
  ];
}

function renderValues(one: Difference, isNew: boolean): string {
  if (isSecret(one)) return isNew ? '(secret)' : '(another secret)';
  const after = one.after === undefined ? '(none)' : wordOf(one.after);
  if (isNew) return after;
  return `${one.before === undefined ? '(none)' : wordOf(one.before)} → ${after}`;
}

function summary({ steps, by_hand }: PlanView): string {
  const count = (...actions: readonly Step['action'][]): number =>
    steps.filter(({ action }) => actions.includes(action)).length;
  const others = Object.values(by_hand).reduce((sum, each) => sum + each, 0);
  const hands =
    others === 0
      ? ''
      : ` ${others} made by hand ${others === 1 ? 'stays' : 'stay'} as ${others === 1 ? 'it is' : 'they are'}.`;
  if (steps.length === 0) return `Nothing would change.${hands}`;
  return `${count('create')} to create, ${count('change', 'adopt')} to change, ${count('delete')} to delete.${hands}`;
}
