import * as z from 'zod';
import { applyPlan } from '../admin/apply.ts';
import { exportTenant } from '../admin/export.ts';
import { idOf, type Plan, planOf } from '../admin/plan.ts';
import { sha256 } from '../model/secret.ts';
import { readWanted } from './configuration-input.ts';
import { requireStepsGivable } from './configuration-powers.ts';
import { type Call, type Operation, ok, operation } from './operation.ts';
import { badBody, Problem } from './problem.ts';

/** Bytes: some thousand clients and users. */
const MOST_BYTES = 4 * 1024 * 1024;

const group = z.record(z.string(), z.unknown());
/** What a plan compares, and so what has to be seen by who makes one. */
const SIGHT = {
  needs: 'signet:clients:read',
  needsToo: ['signet:users:read', 'signet:groups:read', 'signet:scopes:read', 'signet:resources:read'],
} as const;

const wantedShape = {
  scopes: z.array(group).optional().meta({ description: 'As in a configuration file.' }),
  resources: z.array(group).optional().meta({ description: 'As in a configuration file.' }),
  clients: z.array(group).optional().meta({ description: 'As in a configuration file, secrets in them.' }),
  groups: z.array(group).optional().meta({ description: 'As in a configuration file.' }),
  users: z.array(group).optional().meta({ description: 'As in a configuration file, passwords in them.' }),
  prune: z.boolean().optional().meta({
    description: 'Whether what a file has made and this one does not name is deleted.',
  }),
};

const planView = z
  .object({
    plan: z.string().meta({ description: 'What names this very plan, for its execution.' }),
    steps: z.array(
      z.object({
        kind: z.string(),
        id: z.string(),
        action: z.enum(['create', 'change', 'adopt', 'delete']),
        differences: z.array(
          z.object({
            member: z.string(),
            before: z.unknown().optional(),
            after: z.unknown().optional(),
            secret: z.literal(true).optional().meta({ description: 'Neither value is told.' }),
          }),
        ),
      }),
    ),
    left: z
      .array(z.object({ kind: z.string(), id: z.string() }))
      .meta({ description: 'What a file has made, and this one does not name.' }),
    by_hand: z.record(z.string(), z.int()).meta({ description: 'How many were made by hand, by kind.' }),
    faults: z.array(z.string()).meta({ description: 'Why it cannot be done.' }),
  })
  .meta({ id: 'Plan' });

/** What is to be done, by the name of the plan. */
async function planFor(call: Call): Promise<Readonly<{ plan: Plan; name: string }>> {
  const { wanted, prune } = readWanted(call);
  const plan = await planOf(call.provider, wanted, { prune });
  const rests = plan.steps.map((step) => [
    step.kind,
    step.action,
    idOf(step),
    step.differences,
    step.action === 'create' ? 0 : step.before.version,
  ]);
  return { plan, name: sha256(JSON.stringify([prune, rests])).toString('base64url') };
}

const told = ({ plan, name }: Readonly<{ plan: Plan; name: string }>) => ({
  plan: name,
  steps: plan.steps.map((step) => {
    const { kind, action, differences } = step;
    return { kind, id: idOf(step), action, differences };
  }),
  left: plan.left,
  by_hand: plan.byHand,
  faults: plan.faults,
});

const plan = operation({
  method: 'POST',
  path: '/plan',
  id: 'plan',
  summary: 'What would be done so that what is stored is what a configuration asks for',
  ...SIGHT,
  body: { kind: 'json', schema: z.strictObject(wantedShape).meta({ id: 'Wanted' }), atMost: MOST_BYTES },
  answers: { status: 200, description: 'The plan.', schema: planView },
  problems: [422],
  work: async (call) => ok(told(await planFor(call))),
});

const apply = operation({
  method: 'POST',
  path: '/apply',
  id: 'applyPlan',
  summary:
    'Makes what is stored what a configuration asks for, all of it or nothing; with the scopes to write what changes',
  description:
    'It takes what a plan takes, and the scope to write each kind of thing that is changed. `plan` names the plan that was looked at: ' +
    'when another one has become of it since, nothing is done.',
  ...SIGHT,
  body: {
    kind: 'json',
    schema: z.strictObject({ ...wantedShape, plan: z.string() }).meta({ id: 'WantedAsPlanned' }),
    atMost: MOST_BYTES,
  },
  answers: { status: 200, description: 'The plan that was carried out.', schema: planView },
  problems: [409, 412, 422],
  work: async (call) => {
    const { plan: name, ...wanted } = (call.body ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string') throw badBody([{ path: ['plan'], message: 'must name a plan' }]);
    const planned = await planFor({ ...call, body: wanted });
    if (planned.plan.faults.length > 0) throw new Problem('conflict', planned.plan.faults.join(' '));
    await requireStepsGivable(call, planned.plan.steps);
    const outcome =
      planned.name === name ? await applyPlan(call.provider, call.site.passwords, planned.plan) : 'stale';
    if (outcome === 'stale') throw new Problem('stale', 'Make the plan anew and look at it again.');
    return ok(told(planned));
  },
});

const write = operation({
  method: 'GET',
  path: '/export',
  id: 'export',
  summary: 'What is stored as a configuration file describes it, without secrets and hashes',
  ...SIGHT,
  answers: {
    status: 200,
    description: 'In the order of names.',
    schema: z.object({
      scopes: z.array(group),
      resources: z.array(group),
      settings: group.meta({
        description: 'Those that are stored; the others are of the server’s own file.',
      }),
      clients: z.array(group),
      groups: z.array(group),
      users: z.array(group),
      secret_files: z
        .array(z.string())
        .meta({ description: 'Files with client secrets that somebody has to supply.' }),
      without_password: z.array(z.string()).meta({ description: 'Users whose password is not in it.' }),
    }),
  },
  work: async (call) => {
    const exported = await exportTenant(call.provider, { secrets: false });
    const { secretFiles: secret_files, withoutPassword: without_password, ...described } = exported;
    return ok({ ...described, secret_files, without_password });
  },
});

/** Configuration as code, from afar. */
export const CONFIGURATION: readonly Operation[] = [plan, apply, write];
