import type { Table } from '../growth/multiply.ts';
import { shown, table } from '../measure/table.ts';

/** CPU microseconds of an operation at the node and at the database. */
export type Costs = Readonly<{ node: number; database: number }>;

export type Measurements = Readonly<{
  told: string;
  operations: readonly Readonly<{
    label: string;
    sqlite: Costs | undefined;
    postgres: Costs | undefined;
  }>[];
  /** CPU microseconds of a sign-in with a password. */
  signInCpu: number;
  /** Bytes on disk for a row with its indexes. */
  bytesPerRow: Readonly<{
    sqlite: Readonly<Record<Table, number>>;
    postgres: Readonly<Record<Table, number>> | undefined;
  }>;
}>;

/** Share of a core that is planned with: above it, waiting grows faster than what is done. */
export const PLANNED = 0.7;
/** What is reckoned for a person who comes every day: browsers signed in, and grants of applications. */
const SESSIONS_PER_PERSON = 2;
const GRANTS_PER_PERSON = 4;
/** Seconds of an access token's life, after which an application in use refreshes it. */
const ACCESS_TOKEN_LIFETIME = 600;
const GIGABYTE = 1e9;

/** How many operations of that cost one core does a second when 70 % of it is planned with. */
export const perCore = (cpu: number): number => (PLANNED * 1e6) / cpu;

/** The tables of docs/scale.md. */
export function capacityReport(measured: Measurements): string {
  return [
    `Measured by \`npm run bench -- scale --write\` (${measured.told}).`,
    '### What an operation costs',
    costTable(measured),
    '### What a row takes on disk',
    rowTable(measured),
    '### What a core carries',
    capacityTable(measured),
  ].join('\n\n');
}

function costTable({ operations, signInCpu }: Measurements): string {
  const rows = operations.map(({ label, sqlite, postgres }) => ({
    operation: label,
    'SQLite: CPU µs': sqlite?.node,
    'PostgreSQL: CPU µs of the node': postgres?.node,
    'CPU µs of PostgreSQL': postgres?.database,
    'a second and core (SQLite)': sqlite && Math.round(perCore(sqlite.node)),
    'a second and core of nodes (PostgreSQL)': postgres && Math.round(perCore(postgres.node)),
    'a second and core of PostgreSQL': atDatabase(postgres),
  }));
  const signIn = {
    operation: 'sign-in with a password',
    'SQLite: CPU µs': signInCpu,
    'PostgreSQL: CPU µs of the node': undefined,
    'CPU µs of PostgreSQL': undefined,
    'a second and core (SQLite)': Math.round(perCore(signInCpu)),
    'a second and core of nodes (PostgreSQL)': undefined,
    'a second and core of PostgreSQL': undefined,
  };
  return table([...rows, signIn]);
}

/** Undefined where the database has nothing to do that could be measured. */
const atDatabase = (costs: Costs | undefined): number | undefined =>
  costs === undefined || costs.database < 1 ? undefined : Math.round(perCore(costs.database));

function rowTable({ bytesPerRow: { sqlite, postgres } }: Measurements): string {
  const row = (of: string, from: Table) => ({
    'a row of': of,
    'SQLite: bytes': Math.round(sqlite[from]),
    'PostgreSQL: bytes': postgres && Math.round(postgres[from]),
  });
  return table([
    row('users', 'users'),
    row('clients', 'clients'),
    row('sessions of browsers', 'browser_sessions'),
    row('grants, each with its code and all its refresh tokens', 'grants'),
  ]);
}

/** Bytes on disk for a person with sessions and grants. */
export const bytesPerPerson = (bytes: Readonly<Record<Table, number>>): number =>
  bytes.users + SESSIONS_PER_PERSON * bytes.browser_sessions + GRANTS_PER_PERSON * bytes.grants;

function capacityTable({ operations, signInCpu, bytesPerRow }: Measurements): string {
  const refresh = operations.find(({ label }) => label === 'refresh');
  const rows: { what: string; carries: string }[] = [
    {
      what: 'sign-ins with a password, a second and core of a node',
      carries: shown(Math.round(perCore(signInCpu))),
    },
  ];
  const inUse = (cpu: number): string => shown(Math.round(perCore(cpu) * ACCESS_TOKEN_LIFETIME));
  if (refresh?.sqlite)
    rows.push({
      what: 'applications in use at once, on a core and SQLite',
      carries: inUse(refresh.sqlite.node),
    });
  if (refresh?.postgres) {
    rows.push(
      {
        what: 'applications in use at once, for a core of nodes on PostgreSQL',
        carries: inUse(refresh.postgres.node),
      },
      {
        what: 'applications in use at once, for a core of PostgreSQL',
        carries: inUse(refresh.postgres.database),
      },
    );
  }
  for (const [name, bytes] of [
    ['SQLite', bytesPerRow.sqlite],
    ['PostgreSQL', bytesPerRow.postgres],
  ] as const) {
    if (bytes === undefined) continue;
    const people = shown((1_000_000 * bytesPerPerson(bytes)) / GIGABYTE);
    rows.push({ what: `gigabytes for a million people, ${name}`, carries: people });
  }
  return table(rows);
}
