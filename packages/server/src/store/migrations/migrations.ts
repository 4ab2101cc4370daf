/**
 * A step from one shape of the tables to the next, written once: `{id}` and `{bytes}` stand for each database's own types,
 * `{email of claims}` and the like for how it reads a member of JSON. `oldest` is
 * how many migrations a program must know at least to work with the new shape; without it, this one too. A migration that only adds
 * what earlier programs need not heed says a smaller number, and these go on running beside newer ones (docs/databases.md).
 */
export type Migration = Readonly<{ name: string; statements: readonly string[]; oldest?: number }>;

/** In order; the shape's number is the count of those applied. A published one is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'first tables',
    statements: [
      `CREATE TABLE tenants (
        id {id}, name TEXT NOT NULL UNIQUE, issuer TEXT NOT NULL, secret_sealed {bytes} NOT NULL, created_at BIGINT NOT NULL)`,
      `CREATE TABLE signing_keys (
        id {id}, tenant_id BIGINT NOT NULL, kid TEXT NOT NULL, alg TEXT NOT NULL, public_jwk TEXT NOT NULL,
        private_sealed {bytes} NOT NULL, created_at BIGINT NOT NULL, active_from BIGINT NOT NULL,
        retire_at BIGINT, UNIQUE (tenant_id, kid))`,
      `CREATE TABLE clients (
        id {id}, tenant_id BIGINT NOT NULL, client_id TEXT NOT NULL, metadata TEXT NOT NULL, secret_digest {bytes},
        secret_sealed {bytes}, source TEXT NOT NULL, version BIGINT NOT NULL, created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL, UNIQUE (tenant_id, client_id))`,
      `CREATE TABLE users (
        id {id}, tenant_id BIGINT NOT NULL, sub TEXT NOT NULL, username TEXT NOT NULL, password_hash TEXT, claims TEXT NOT NULL,
        role TEXT NOT NULL, source TEXT NOT NULL, seed_digest TEXT, disabled_at BIGINT, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
        UNIQUE (tenant_id, username), UNIQUE (tenant_id, sub))`,
      `CREATE TABLE browser_sessions (
        id {id}, tenant_id BIGINT NOT NULL, user_id BIGINT NOT NULL, secret_hash {bytes} NOT NULL, sid TEXT NOT NULL,
        auth_time BIGINT NOT NULL, amr TEXT NOT NULL, acr TEXT NOT NULL, user_agent TEXT NOT NULL, created_at BIGINT NOT NULL,
        last_seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT)`,
      'CREATE INDEX browser_sessions_by_user ON browser_sessions (user_id)',
      'CREATE INDEX browser_sessions_by_expiry ON browser_sessions (expires_at)',
      `CREATE TABLE grants (
        id {id}, tenant_id BIGINT NOT NULL, client_row BIGINT NOT NULL, user_id BIGINT NOT NULL, session_id BIGINT NOT NULL,
        authorization_json TEXT NOT NULL, code_hash {bytes}, code_expires_at BIGINT NOT NULL, code_redeemed_at BIGINT,
        refresh_salt {bytes}, refresh_generation BIGINT NOT NULL, refresh_rotated_at BIGINT NOT NULL,
        refresh_expires_at BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked_at BIGINT)`,
      'CREATE INDEX grants_by_user ON grants (user_id)',
      'CREATE INDEX grants_by_session ON grants (session_id)',
      'CREATE INDEX grants_by_client ON grants (client_row)',
      'CREATE INDEX grants_by_expiry ON grants (expires_at)',
      `CREATE TABLE consents (
        tenant_id BIGINT NOT NULL, user_id BIGINT NOT NULL, client_row BIGINT NOT NULL, scope TEXT NOT NULL, resources TEXT NOT NULL, claims TEXT NOT NULL,
        granted_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, user_id, client_row))`,
      'CREATE INDEX consents_by_client ON consents (client_row)',
      `CREATE TABLE used_assertions (
        tenant_id BIGINT NOT NULL, client_row BIGINT NOT NULL, jti_hash {bytes} NOT NULL, expires_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, client_row, jti_hash))`,
      'CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at)',
      `CREATE TABLE revoked_access_tokens (
        tenant_id BIGINT NOT NULL, jti TEXT NOT NULL, expires_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, jti))`,
      'CREATE INDEX revoked_access_tokens_by_expiry ON revoked_access_tokens (expires_at)',
      `CREATE TABLE sign_in_failures (
        tenant_id BIGINT NOT NULL, subject TEXT NOT NULL, failures BIGINT NOT NULL, last_at BIGINT NOT NULL,
        blocked_until BIGINT NOT NULL, PRIMARY KEY (tenant_id, subject))`,
      'CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at)',
      `CREATE TABLE refusals (
        reference TEXT NOT NULL PRIMARY KEY, tenant_id BIGINT NOT NULL, at BIGINT NOT NULL, rule TEXT NOT NULL,
        error TEXT NOT NULL, endpoint TEXT NOT NULL, client_id TEXT, facts TEXT NOT NULL)`,
      'CREATE INDEX refusals_by_time ON refusals (at)',
      `CREATE TABLE setup_links (
        tenant_id BIGINT NOT NULL PRIMARY KEY, secret_hash {bytes} NOT NULL, expires_at BIGINT NOT NULL)`,
    ],
  },
  {
    // A program that knows nothing of the epoch would take a token that a restore has cut.
    name: 'the oldest program and the epoch',
    statements: [
      'CREATE TABLE signet_database (id BIGINT NOT NULL PRIMARY KEY, oldest_program BIGINT NOT NULL, epoch BIGINT NOT NULL)',
      'INSERT INTO signet_database (id, oldest_program, epoch) VALUES (1, 2, 0)',
    ],
  },
  {
    // An older program would delete the grants whose end it does not see postponed.
    name: 'grants that cost less',
    statements: [
      'ALTER TABLE grants ADD COLUMN kept_until BIGINT NOT NULL DEFAULT 0',
      'DROP INDEX grants_by_user',
      'DROP INDEX grants_by_session',
      'DROP INDEX grants_by_client',
      'CREATE INDEX grants_by_person ON grants (user_id, session_id)',
    ],
  },
  {
    // Only additions: an earlier program makes none of these rows and heeds none.
    name: 'locks, tokens of people, one-time secrets and the audit log',
    oldest: 3,
    statements: [
      'ALTER TABLE browser_sessions ADD COLUMN impersonator TEXT',
      'ALTER TABLE users ADD COLUMN locked_at BIGINT',
      'ALTER TABLE users ADD COLUMN email TEXT',
      'UPDATE users SET email = LOWER({email of claims})',
      'CREATE INDEX users_by_email ON users (tenant_id, email)',
      `CREATE TABLE failures_in_a_row (
        tenant_id BIGINT NOT NULL, username TEXT NOT NULL, failures BIGINT NOT NULL, last_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, username))`,
      'CREATE INDEX failures_in_a_row_by_time ON failures_in_a_row (last_at)',
      `CREATE TABLE personal_tokens (
        id {id}, tenant_id BIGINT NOT NULL, uuid TEXT NOT NULL, user_id BIGINT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL,
        secret_hash {bytes} NOT NULL, scopes TEXT NOT NULL, expires_at BIGINT NOT NULL, renewed_by BIGINT NOT NULL,
        created_at BIGINT NOT NULL, created_by TEXT NOT NULL, used_at BIGINT NOT NULL, UNIQUE (tenant_id, uuid))`,
      'CREATE INDEX personal_tokens_by_user ON personal_tokens (user_id)',
      'CREATE INDEX personal_tokens_by_expiry ON personal_tokens (expires_at)',
      `CREATE TABLE one_time_secrets (
        id {id}, tenant_id BIGINT NOT NULL, user_id BIGINT NOT NULL, purpose TEXT NOT NULL, secret_hash {bytes} NOT NULL,
        created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, UNIQUE (tenant_id, user_id, purpose))`,
      'CREATE INDEX one_time_secrets_by_expiry ON one_time_secrets (expires_at)',
      `CREATE TABLE audit_events (
        id {id}, tenant_id BIGINT NOT NULL, at BIGINT NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL,
        client_id TEXT, network TEXT, request_id TEXT, facts TEXT NOT NULL)`,
      'CREATE INDEX audit_events_by_tenant ON audit_events (tenant_id, id)',
      'CREATE INDEX audit_events_by_time ON audit_events (at)',
    ],
  },
  {
    // Only additions: an earlier program makes none of these rows and heeds none. What it changes has no version, nor is it restorable.
    name: 'what administrators look for and undo',
    oldest: 3,
    statements: [
      'ALTER TABLE clients ADD COLUMN name TEXT',
      'ALTER TABLE clients ADD COLUMN previous_digest {bytes}',
      'ALTER TABLE clients ADD COLUMN previous_sealed {bytes}',
      // The secret that the previous one is good beside: with any other, it is good no more.
      'ALTER TABLE clients ADD COLUMN previous_beside {bytes}',
      'ALTER TABLE clients ADD COLUMN previous_until BIGINT',
      'UPDATE clients SET name = LOWER({client_name of metadata})',
      'ALTER TABLE users ADD COLUMN name TEXT',
      'ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1',
      'UPDATE users SET name = LOWER({name of claims})',
      `CREATE TABLE client_versions (
        id {id}, tenant_id BIGINT NOT NULL, client_row BIGINT NOT NULL, version BIGINT NOT NULL, metadata TEXT NOT NULL, at BIGINT NOT NULL,
        actor TEXT, UNIQUE (tenant_id, client_row, version))`,
      'CREATE INDEX client_versions_by_time ON client_versions (at)',
      `CREATE TABLE deleted_clients (
        id {id}, tenant_id BIGINT NOT NULL, client_row BIGINT NOT NULL, client_id TEXT NOT NULL, name TEXT, metadata TEXT NOT NULL,
        secret_digest {bytes}, secret_sealed {bytes}, source TEXT NOT NULL, version BIGINT NOT NULL, deleted_at BIGINT NOT NULL,
        deleted_by TEXT)`,
      'CREATE INDEX deleted_clients_by_tenant ON deleted_clients (tenant_id, client_id)',
      'CREATE INDEX deleted_clients_by_time ON deleted_clients (deleted_at)',
      `CREATE TABLE deleted_users (
        id {id}, tenant_id BIGINT NOT NULL, sub TEXT NOT NULL, username TEXT NOT NULL, name TEXT, email TEXT, password_hash TEXT,
        claims TEXT NOT NULL, role TEXT NOT NULL, source TEXT NOT NULL, seed_digest TEXT, disabled_at BIGINT, locked_at BIGINT,
        version BIGINT NOT NULL, created_at BIGINT NOT NULL, deleted_at BIGINT NOT NULL, deleted_by TEXT)`,
      'CREATE INDEX deleted_users_by_tenant ON deleted_users (tenant_id, sub)',
      'CREATE INDEX deleted_users_by_time ON deleted_users (deleted_at)',
      'CREATE INDEX refusals_by_tenant ON refusals (tenant_id, at)',
      `CREATE TABLE idempotency_keys (
        tenant_id BIGINT NOT NULL, key_hash {bytes} NOT NULL, request_hash {bytes} NOT NULL, answer TEXT, claimed_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, key_hash))`,
      'CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at)',
      `CREATE TABLE counts (
        tenant_id BIGINT NOT NULL, name TEXT NOT NULL, hour BIGINT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (tenant_id, name, hour))`,
      'CREATE INDEX counts_by_time ON counts (hour)',
    ],
  },
  {
    // Only additions: an earlier program takes scopes and resources from its configuration file, and heeds none of these rows.
    name: 'scopes, resources and settings',
    oldest: 3,
    statements: [
      // Grows with each change of what follows.
      'ALTER TABLE tenants ADD COLUMN definition_changes BIGINT NOT NULL DEFAULT 0',
      `CREATE TABLE definitions (
        id {id}, tenant_id BIGINT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, source TEXT NOT NULL,
        version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (tenant_id, kind, name))`,
      `CREATE TABLE definition_versions (
        id {id}, tenant_id BIGINT NOT NULL, definition_row BIGINT NOT NULL, version BIGINT NOT NULL, definition TEXT NOT NULL,
        at BIGINT NOT NULL, actor TEXT, UNIQUE (tenant_id, definition_row, version))`,
      'CREATE INDEX definition_versions_by_time ON definition_versions (at)',
    ],
  },
  {
    // Only additions: an earlier program knows of no groups, and leaves memberships of people it deletes, whose numbers nobody gets again.
    name: 'groups of people',
    oldest: 3,
    statements: [
      `CREATE TABLE user_groups (
        id {id}, tenant_id BIGINT NOT NULL, name TEXT NOT NULL, display_name TEXT, description TEXT, source TEXT NOT NULL,
        version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (tenant_id, name))`,
      `CREATE TABLE group_members (
        tenant_id BIGINT NOT NULL, group_id BIGINT NOT NULL, user_id BIGINT NOT NULL, PRIMARY KEY (tenant_id, user_id, group_id))`,
      'CREATE INDEX group_members_by_group ON group_members (tenant_id, group_id, user_id)',
    ],
  },
  {
    // Only additions: an earlier program makes none of these rows and heeds none. To it, what registered itself never ends.
    name: 'applications that register themselves',
    oldest: 3,
    statements: [
      'ALTER TABLE clients ADD COLUMN expires_at BIGINT',
      'CREATE INDEX clients_by_end ON clients (tenant_id, expires_at) WHERE expires_at IS NOT NULL',
      `CREATE TABLE initial_access_tokens (
        id {id}, tenant_id BIGINT NOT NULL, uuid TEXT NOT NULL, secret_hash {bytes} NOT NULL, description TEXT, uses BIGINT NOT NULL,
        uses_left BIGINT NOT NULL, created_at BIGINT NOT NULL, created_by TEXT NOT NULL, expires_at BIGINT NOT NULL,
        UNIQUE (tenant_id, uuid))`,
      'CREATE INDEX initial_access_tokens_by_expiry ON initial_access_tokens (expires_at)',
      `CREATE TABLE registrations (
        tenant_id BIGINT NOT NULL, client_row BIGINT NOT NULL, token_hash {bytes} NOT NULL, token_at BIGINT NOT NULL,
        version BIGINT NOT NULL, software_statement TEXT, used_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, client_row))`,
      'CREATE INDEX registrations_by_use ON registrations (tenant_id, used_at)',
    ],
  },
];

/** Since that shape the database itself tells which programs may use it. */
export const TELLS_OLDEST_SINCE = 2;

/** The statements of a migration in the words of one database. */
export const inDialect = (
  migration: Migration,
  types: Readonly<{ id: string; bytes: string; member: (name: string, column: string) => string }>,
): readonly string[] =>
  migration.statements.map((sql) =>
    sql
      .replaceAll('{id}', types.id)
      .replaceAll('{bytes}', types.bytes)
      .replaceAll(/\{(\w+) of (\w+)\}/g, (_, name: string, column: string) => types.member(name, column)),
  );
