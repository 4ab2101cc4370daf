import type { AuditEvent } from '../../model/audit-event.ts';
import type { AdminVerbs, AuditQuery } from '../admin-verbs.ts';
import { type Database, ownRow, type Row, type Statement, statement } from '../database.ts';
import type { AuditVerbs, NewAuditEvent } from '../store.ts';
import { MOST_LOOKED_AT, whereAll } from './conditions.ts';
import { containing } from './pattern.ts';
import { json, maybeText, number, text } from './row.ts';

const readEvent = (row: Row): AuditEvent => ({
  id: number(row, 'id'),
  at: number(row, 'at'),
  action: text(row, 'action'),
  actor: text(row, 'actor'),
  subject: text(row, 'subject'),
  client_id: maybeText(row, 'client_id'),
  network: maybeText(row, 'network'),
  request_id: maybeText(row, 'request_id'),
  facts: json(row, 'facts'),
});

export const insertEvent = (tenant: number, event: NewAuditEvent): Statement =>
  ownRow(
    `INSERT INTO audit_events (tenant_id, at, action, actor, subject, client_id, network, request_id, facts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    tenant,
    event.at,
    event.action,
    event.actor,
    event.subject,
    event.client_id,
    event.network,
    event.request_id,
    JSON.stringify(event.facts),
  );

export const auditVerbs = (database: Database): AuditVerbs & Pick<AdminVerbs, 'seekEvents'> => ({
  async recordEvent(tenant, event) {
    await database.write(insertEvent(tenant, event));
  },

  async listEvents(tenant, query) {
    return (await database.read(eventsWanted(tenant, query, 0))).map(readEvent);
  },

  async seekEvents(tenant, query) {
    const { before, since, atMost: _, lookAt = MOST_LOOKED_AT, ...narrowing } = query;
    const isNarrowed = Object.values(narrowing).some((value) => value !== undefined);
    const last =
      isNarrowed || since !== undefined
        ? await lastLookedAt(database, { tenant, before, lookAt })
        : undefined;
    const found = await database.read(eventsWanted(tenant, query, last?.id ?? 0));
    // Behind what is as old as this there is nothing since then, however much the clocks of nodes differ.
    const isOver = last === undefined || (since !== undefined && last.at < since - HOUR);
    return { found: found.map(readEvent), until: isOver ? null : last.id };
  },
});

const HOUR = 3_600_000;

/** The event that is looked at last for a page; undefined when all are looked at. */
async function lastLookedAt(
  database: Database,
  { tenant, before, lookAt }: Readonly<{ tenant: number; before: number | undefined; lookAt: number }>,
): Promise<Readonly<{ id: number; at: number }> | undefined> {
  const [row] = await database.read(
    statement(
      'SELECT id, at FROM audit_events WHERE tenant_id = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?',
      tenant,
      before ?? Number.MAX_SAFE_INTEGER,
      lookAt - 1,
    ),
  );
  return row && { id: number(row, 'id'), at: number(row, 'at') };
}

/** The newest first, down to the number `least`. */
function eventsWanted(tenant: number, query: AuditQuery, least: number): Statement {
  const { text: part } = query;
  const { sql, values } = whereAll([
    ['tenant_id = ?', tenant],
    ['id >= ?', least],
    ['id < ?', query.before],
    ['at >= ?', query.since],
    ['action = ?', query.action],
    ['subject = ?', query.subject],
    ['actor = ?', query.actor],
    [
      `LOWER(action || ' ' || actor || ' ' || subject || ' ' || COALESCE(client_id, '')) LIKE ? ESCAPE '\\'`,
      part === undefined ? undefined : containing(part),
    ],
  ]);
  return statement(
    `SELECT * FROM audit_events WHERE ${sql} ORDER BY id DESC LIMIT ?`,
    ...values,
    query.atMost,
  );
}
