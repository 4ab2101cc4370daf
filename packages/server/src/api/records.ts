import * as z from 'zod';
import { seekAudit } from '../admin/audit.ts';
import { explainRefusal } from '../admin/explain.ts';
import { isoTime } from '../model/clock.ts';
import { explain } from '../oauth/explain.ts';
import { timestamp } from './client-schema.ts';
import { type Operation, ok, operation } from './operation.ts';
import { keyIn, limitOf, listOf, numberKey, numberOf, pageOfSought, pageShape, time, word } from './page.ts';
import { notFound } from './problem.ts';

const refusalView = z.object({
  reference: z.string(),
  at: timestamp,
  rule: z.string(),
  says: z.string(),
  error: z.string(),
  endpoint: z.string(),
  client_id: z.string().nullable(),
});

const explainedRefusal = z
  .object({
    ...refusalView.shape,
    spec: z.string(),
    fix: z.string(),
    facts: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What was sent against what is registered.' }),
    differences: z
      .array(z.string())
      .meta({ description: 'Where what was sent leaves each registered value.' }),
    setting: z
      .object({ name: z.string(), value: z.unknown(), of: z.enum(['client', 'provider']) })
      .optional()
      .meta({ description: 'What decided, with the value it has now.' }),
  })
  .meta({ id: 'ExplainedRefusal' });

const refusalShape = {
  ...pageShape,
  client_id: word.optional(),
  rule: word.optional(),
  endpoint: word.optional(),
  since: time.optional(),
};

const refusals = operation<typeof refusalShape>({
  method: 'GET',
  path: '/refusals',
  id: 'listRefusals',
  summary: 'Requests that were refused in the last week, the newest first',
  needs: 'signet:refusals:read',
  query: refusalShape,
  answers: { status: 200, description: 'A page.', schema: listOf(refusalView.meta({ id: 'Refusal' })) },
  work: async ({ provider: { store, tenant }, query }) => {
    const { client_id, rule, endpoint, since } = query;
    const key = keyIn(z.tuple([z.int().min(0), z.string().max(100)]), query);
    const found = await store.listRefusals(tenant.id, {
      before: key && { at: key[0], reference: key[1] },
      client_id,
      rule,
      endpoint,
      since,
      atMost: limitOf(query) + 1,
    });
    const { shown, next } = pageOfSought(found, query, ({ at, reference }) => [at, reference]);
    const items = shown.map((refusal) => ({
      reference: refusal.reference,
      at: isoTime(refusal.at),
      rule: refusal.rule,
      says: explain(refusal).says,
      error: refusal.error,
      endpoint: refusal.endpoint,
      client_id: refusal.client_id,
    }));
    return ok({ items, next });
  },
});

const oneRefusal = operation({
  method: 'GET',
  path: '/refusals/{reference}',
  id: 'explainRefusal',
  summary: 'Why a request was refused',
  needs: 'signet:refusals:read',
  answers: { status: 200, description: 'The refusal explained.', schema: explainedRefusal },
  problems: [404],
  work: async ({ provider, path }) => {
    const explained = await explainRefusal(provider, path('reference'));
    if (explained === undefined) throw notFound('refusal');
    return ok({ ...explained, at: isoTime(explained.at) });
  },
});

const auditEvent = z
  .object({
    id: z.int(),
    at: timestamp,
    action: z.string(),
    actor: z.string(),
    subject: z.string(),
    client_id: z.string().nullable(),
    network: z.string().nullable(),
    request_id: z.string().nullable(),
    facts: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEvent' });

const auditShape = {
  ...pageShape,
  q: word.optional().meta({ description: 'Part of what was done, by whom, to whom, or for which client.' }),
  action: word.optional(),
  actor: word.optional(),
  subject: word.optional(),
  since: time.optional(),
};

const audit = operation<typeof auditShape>({
  method: 'GET',
  path: '/audit',
  id: 'listAuditEvents',
  summary: 'What was done, by whom, to whom and from where, the newest first',
  needs: 'signet:audit:read',
  query: auditShape,
  answers: { status: 200, description: 'A page.', schema: listOf(auditEvent) },
  work: async ({ provider, query }) => {
    const { q: text, action, actor, subject, since } = query;
    const [before] = keyIn(numberKey, query) ?? [];
    const wanted = { before, text, action, actor, subject, since, atMost: limitOf(query) + 1 };
    const { shown, next } = pageOfSought(await seekAudit(provider, wanted), query, numberOf);
    return ok({ items: shown, next });
  },
});

export const RECORDS: readonly Operation[] = [refusals, oneRefusal, audit];
