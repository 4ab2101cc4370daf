import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Violation } from './driver/tally.ts';
import { type Bench, type DatabaseKind, type Experiment, Skipped } from './experiment.ts';
import { temporaryFolder } from './kit/folders.ts';
import { type Cluster, findPostgres, startPostgres } from './kit/postgres.ts';
import { dice } from './kit/random.ts';
import { SERVER } from './kit/signet.ts';
import type { Options } from './options.ts';

/** One line of the table. */
export type Row = Readonly<{
  id: string;
  title: string;
  database: DatabaseKind;
  /** `broken`: the experiment itself could not be carried through. */
  status: 'clean' | 'violated' | 'broken' | 'skipped';
  figure: string;
  violations: readonly Violation[];
  acknowledged: number;
  seconds: number;
  figures: Readonly<Record<string, number | string>>;
}>;

export type Runner = Readonly<{
  run: (experiment: Experiment, database: DatabaseKind, program?: string) => Promise<Row>;
  close: () => void;
}>;

type Shared = Pick<Bench, 'cluster' | 'databaseName'> & Readonly<{ remove: () => void }>;

/** What experiments share: a cluster, made when one is first asked for, and names of databases. */
function shared(): Shared {
  let starting: Promise<Cluster> | undefined;
  let started: Cluster | undefined;
  let databases = 0;
  return {
    cluster: async () => {
      starting ??= startPostgres();
      started = await starting;
      return started;
    },
    databaseName: () => {
      databases += 1;
      return `faults_${databases}`;
    },
    remove: () => started?.remove(),
  };
}

/** Runs experiments one after the other. */
export function runner(options: Options, tell: (line: string) => void): Runner {
  const { cluster, databaseName, remove } = shared();
  let isClosed = false;
  const underWay = new Set<() => void>();
  return {
    run: async (experiment, database, program = options.server ?? SERVER) => {
      const { id, title } = experiment;
      const began = performance.now();
      const endings: (() => void | Promise<void>)[] = [];
      const folder = temporaryFolder(`${id}-${database}`);
      const bench: Bench = {
        database,
        program,
        cluster,
        databaseName,
        folder: folder.path,
        size: options.size,
        dice: dice(options.seed).named(`${id} ${database}`),
        say: (line) => tell(`  ${id} ${database}: ${line}`),
        after: (end) => void endings.unshift(end),
      };
      const abandon = (): void => {
        for (const end of endings) void end();
        folder.remove();
      };
      underWay.add(abandon);
      const outcome = await attempt(experiment, bench);
      for (const end of endings) await end();
      underWay.delete(abandon);
      if (outcome.status !== 'clean' && outcome.status !== 'skipped') keepRemains(options, folder.path, id);
      folder.remove();
      const row = { id, title, database, ...outcome, seconds: (performance.now() - began) / 1000 };
      return row;
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      for (const abandon of underWay) abandon();
      remove();
    },
  };
}

type Attempt = Pick<Row, 'status' | 'figure' | 'violations' | 'acknowledged' | 'figures'>;

async function attempt(experiment: Experiment, bench: Bench): Promise<Attempt> {
  const nothing = { violations: [], acknowledged: 0, figures: {} };
  if (bench.database === 'postgres' && findPostgres() === undefined) {
    const figure = 'there is no PostgreSQL here: npm run setup:postgres installs one';
    return { status: 'skipped', figure, ...nothing };
  }
  try {
    const { figure, violations, acknowledged = 0, figures = {} } = await experiment.run(bench);
    return {
      status: violations.length === 0 ? 'clean' : 'violated',
      figure,
      violations,
      acknowledged,
      figures,
    };
  } catch (fault) {
    if (fault instanceof Skipped) return { status: 'skipped', figure: fault.message, ...nothing };
    const figure = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    return { status: 'broken', figure, ...nothing };
  }
}

function keepRemains({ out }: Options, folder: string, id: string): void {
  if (out === undefined) return;
  mkdirSync(out, { recursive: true });
  cpSync(folder, join(out, `remains-${id}`), { recursive: true, force: true });
}
