import {
  type Definition,
  type DefinitionVersion,
  nameOfDefinition,
  type StoredDefinition,
} from '../../model/definition.ts';
import {
  allOrNothing,
  type Database,
  orNothing,
  ownRow,
  type Row,
  type Statement,
  statement,
} from '../database.ts';
import type {
  ChangedDefinition,
  DefinitionKey,
  DefinitionVerbs,
  NewDefinition,
} from '../definition-verbs.ts';
import { insertEvent } from './audit.ts';
import { json, maybeText, number, text } from './row.ts';

/** Kind and value were written together, so that they belong together. */
const readDefinition = (row: Row): Definition =>
  ({ kind: text(row, 'kind'), value: json(row, 'definition') }) as Definition;

const readStored = (row: Row): StoredDefinition => ({
  ...readDefinition(row),
  source: text(row, 'source') as StoredDefinition['source'],
  version: number(row, 'version'),
  created_at: number(row, 'created_at'),
  updated_at: number(row, 'updated_at'),
});

const readVersion = (row: Row): DefinitionVersion => ({
  ...readDefinition(row),
  version: number(row, 'version'),
  at: number(row, 'at'),
  actor: maybeText(row, 'actor'),
});

const keyOf = (definition: Definition): DefinitionKey => ({
  kind: definition.kind,
  name: nameOfDefinition(definition),
});

/** Every process notices by it that the tenant is another one. */
const countChange = (tenant: number): Statement =>
  ownRow('UPDATE tenants SET definition_changes = definition_changes + 1 WHERE id = ?', tenant);

const keepVersion = (tenant: number, { kind, name }: DefinitionKey, actor: string): Statement =>
  statement(
    `INSERT INTO definition_versions (tenant_id, definition_row, version, definition, at, actor)
     SELECT tenant_id, id, version, definition, updated_at, CAST(? AS TEXT) FROM definitions WHERE tenant_id = ? AND kind = ? AND name = ?`,
    actor,
    tenant,
    kind,
    name,
  );

/** Makes a definition and keeps its first version. */
export const definitionCreation = (
  tenant: number,
  { definition, source, event }: NewDefinition,
  now: number,
): readonly Statement[] => [
  orNothing(
    statement(
      `INSERT INTO definitions (tenant_id, kind, name, definition, source, version, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (tenant_id, kind, name) DO NOTHING`,
      tenant,
      definition.kind,
      nameOfDefinition(definition),
      JSON.stringify(definition.value),
      source,
      now,
      now,
    ),
  ),
  keepVersion(tenant, keyOf(definition), event.actor),
  countChange(tenant),
  insertEvent(tenant, event),
];

/** Changes a definition and keeps its new version. */
export const definitionChange = (
  tenant: number,
  { definition, source, event }: ChangedDefinition,
  now: number,
  version?: number,
): readonly Statement[] => [
  orNothing(
    statement(
      `UPDATE definitions SET definition = ?, version = version + 1, updated_at = ?, source = COALESCE(?, source)
       WHERE tenant_id = ? AND kind = ? AND name = ?${version === undefined ? '' : ' AND version = ?'}`,
      JSON.stringify(definition.value),
      now,
      source ?? null,
      tenant,
      definition.kind,
      nameOfDefinition(definition),
      ...(version === undefined ? [] : [version]),
    ),
  ),
  keepVersion(tenant, keyOf(definition), event.actor),
  countChange(tenant),
  insertEvent(tenant, event),
];

/** Its versions name a row that is there no more and is never given again; they go with their time. */
export const definitionDeletion = (
  tenant: number,
  { kind, name }: DefinitionKey,
  version?: number,
): readonly Statement[] => [
  orNothing(
    statement(
      `DELETE FROM definitions WHERE tenant_id = ? AND kind = ? AND name = ?${version === undefined ? '' : ' AND version = ?'}`,
      tenant,
      kind,
      name,
      ...(version === undefined ? [] : [version]),
    ),
  ),
  countChange(tenant),
];

const VERSIONS = `SELECT v.version, v.definition, v.at, v.actor, d.kind FROM definition_versions v
  JOIN definitions d ON d.id = v.definition_row AND d.tenant_id = v.tenant_id
  WHERE v.tenant_id = ? AND d.kind = ? AND d.name = ?`;

export const definitionVerbs = (database: Database): DefinitionVerbs => ({
  async listDefinitions(tenant) {
    const rows = await database.read(
      statement('SELECT * FROM definitions WHERE tenant_id = ? ORDER BY kind, name', tenant),
    );
    return rows.map(readStored);
  },

  async findDefinition(tenant, { kind, name }) {
    const [row] = await database.read(
      statement(
        'SELECT * FROM definitions WHERE tenant_id = ? AND kind = ? AND name = ?',
        tenant,
        kind,
        name,
      ),
    );
    return row && readStored(row);
  },

  async createDefinition(tenant, created, now) {
    return (await allOrNothing(database, definitionCreation(tenant, created, now))) ? 'created' : 'duplicate';
  },

  async changeDefinition(tenant, changed, now, version) {
    if (await allOrNothing(database, definitionChange(tenant, changed, now, version))) return 'changed';
    return (await this.findDefinition(tenant, keyOf(changed.definition))) === undefined ? 'unknown' : 'stale';
  },

  async deleteDefinition(tenant, key, event) {
    const statements = [...definitionDeletion(tenant, key), insertEvent(tenant, event)];
    return (await allOrNothing(database, statements)) ? 'deleted' : 'unknown';
  },

  async listDefinitionVersions(tenant, { kind, name }, { before, atMost }) {
    const rows = await database.read(
      statement(
        `${VERSIONS} AND v.version < ? ORDER BY v.version DESC LIMIT ?`,
        tenant,
        kind,
        name,
        before ?? Number.MAX_SAFE_INTEGER,
        atMost,
      ),
    );
    return rows.map(readVersion);
  },

  async findDefinitionVersion(tenant, { kind, name }, version) {
    const [row] = await database.read(
      statement(`${VERSIONS} AND v.version = ?`, tenant, kind, name, version),
    );
    return row && readVersion(row);
  },

  async countDefinitionChanges(tenant) {
    const [row] = await database.read(
      statement('SELECT definition_changes FROM tenants WHERE id = ?', tenant),
    );
    return row === undefined ? 0 : number(row, 'definition_changes');
  },
});
