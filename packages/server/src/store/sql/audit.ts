import type { AuditEvent } from '../../model/audit-event.ts';
import { type Database, ownRow, type Row, type Statement, statement } from '../database.ts';
import type { AuditVerbs, NewAuditEvent } from '../store.ts';
import { whereAll } from './conditions.ts';
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

export const auditVerbs = (database: Database): AuditVerbs => ({
  async recordEvent(tenant, event) {
    await database.write(insertEvent(tenant, event));
  },

  async listEvents(tenant, { before, since, action, subject, actor, text: part, atMost }) {
    const { sql, values } = whereAll([
      ['tenant_id = ?', tenant],
      ['id < ?', before],
      ['at >= ?', since],
      ['action = ?', action],
      ['subject = ?', subject],
      ['actor = ?', actor],
      [
        `LOWER(action || ' ' || actor || ' ' || subject || ' ' || COALESCE(client_id, '')) LIKE ? ESCAPE '\\'`,
        part === undefined ? undefined : containing(part),
      ],
    ]);
    const rows = await database.read(
      statement(`SELECT * FROM audit_events WHERE ${sql} ORDER BY id DESC LIMIT ?`, ...values, atMost),
    );
    return rows.map(readEvent);
  },
});
