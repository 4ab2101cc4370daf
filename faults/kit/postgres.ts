import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, temporaryFolder } from './folders.ts';

const DEBIAN = '/usr/lib/postgresql';

/** Folder of the newest PostgreSQL's programs on this machine, or undefined. */
export function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

/** A throw-away PostgreSQL that can be stopped, killed, frozen and started again. */
export type Cluster = Readonly<{
  /** Where its own user may write. */
  folder: string;
  port: number;
  url: (database: string) => string;
  create: (database: string) => void;
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Ends the postmaster as a crash would. */
  kill: () => void;
  /** Stops all its processes where they stand, or lets them go on. */
  freeze: (signal: 'SIGSTOP' | 'SIGCONT') => void;
  /** Runs SQL and gives the output of psql, unaligned and without headers. */
  sql: (database: string, statement: string) => string;
  /** Writes a database into a file, and puts one back in the place of what is there. */
  dump: (database: string, file: string) => void;
  load: (database: string, file: string) => void;
  remove: () => void;
}>;

/** Runs a program of PostgreSQL's: `now` where it is short, `meanwhile` where others must not wait for it. */
type Run = Readonly<{
  now: (program: string, ...args: string[]) => string;
  meanwhile: (program: string, ...args: string[]) => Promise<void>;
}>;

/** Makes and starts a cluster on a free port, with Debian's programs. */
export async function startPostgres(): Promise<Cluster> {
  const { path: folder, remove } = temporaryFolder('postgres');
  const port = await freePort();
  const run = runner(folder);
  const pgdata = join(folder, 'cluster');
  const access = ['--auth=trust', '--username=signet', '--no-sync', '--encoding=UTF8', '--locale=C'];
  await run.meanwhile('initdb', '--pgdata', pgdata, ...access);
  const login = ['--host=127.0.0.1', `--port=${port}`, '--username=signet'];
  const quiet = ['--no-psqlrc', '--tuples-only', '--no-align'];
  const postmaster = (): number =>
    Number(readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const start = (): Promise<void> => startCluster(run, { folder, pgdata, port });
  const stopping = ['--pgdata', pgdata, '--wait', '--mode=immediate', 'stop'];
  await start();
  return {
    folder,
    port,
    url: (database) => `postgres://signet@127.0.0.1:${port}/${database}`,
    create: (database) => void run.now('createdb', ...login, database),
    start,
    stop: () => run.meanwhile('pg_ctl', ...stopping),
    kill: () => void process.kill(postmaster(), 'SIGKILL'),
    freeze: (signal) => {
      for (const pid of withChildren(postmaster())) process.kill(pid, signal);
    },
    sql: (database, statement) =>
      run.now('psql', ...login, ...quiet, '--command', statement, database).trim(),
    dump: (database, file) =>
      void run.now('pg_dump', ...login, '--format=custom', `--file=${file}`, database),
    load: (database, file) => {
      run.now('dropdb', ...login, '--force', database);
      run.now('createdb', ...login, database);
      run.now('pg_restore', ...login, '--exit-on-error', `--dbname=${database}`, file);
    },
    remove: () => {
      try {
        run.now('pg_ctl', ...stopping);
      } catch {
        // It was stopped already.
      }
      remove();
    },
  };
}

/** Runs PostgreSQL's programs in the folder. They refuse root, so root lends them another name. */
function runner(folder: string): Run {
  const bin = findPostgres() ?? '';
  const isRoot = userInfo().uid === 0;
  chmodSync(folder, 0o755);
  if (isRoot) chownSync(folder, Number(execFileSync('id', ['-u', 'postgres'])), -1);
  const borrowed = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];
  const command = (program: string, args: readonly string[]): [file: string, ...rest: string[]] => {
    const [file = '', ...rest] = [...(isRoot ? borrowed : []), join(bin, program), ...args];
    return [file, ...rest];
  };
  return {
    now: (program, ...args) => {
      const [file, ...rest] = command(program, args);
      return execFileSync(file, rest, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    },
    meanwhile: (program, ...args) => {
      const [file, ...rest] = command(program, args);
      // A server that is started keeps the outputs open: it is the program's end that counts.
      return new Promise((done, failed) => {
        const child = spawn(file, rest, { cwd: folder, stdio: 'ignore' });
        child.on('error', failed);
        child.on('exit', (code) =>
          code === 0 ? done() : failed(new Error(`${program} ended with ${code}`)),
        );
      });
    },
  };
}

type Place = Readonly<{ folder: string; pgdata: string; port: number }>;

/** After a crash its children may hold the memory and the lock file for a moment: then it is tried again. */
async function startCluster(run: Run, { folder, pgdata, port }: Place): Promise<void> {
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200`;
  for (let tries = 0; ; tries += 1) {
    try {
      await run.meanwhile(
        'pg_ctl',
        '--pgdata',
        pgdata,
        '--wait',
        '--log',
        join(folder, 'log'),
        '-o',
        settings,
        'start',
      );
      return;
    } catch (fault) {
      if (tries === 100) throw fault;
      await pause(100);
    }
  }
}

/** A process and its children, as Linux tells them. */
function withChildren(parent: number): readonly number[] {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8');
  return [parent, ...children.split(' ').filter(Boolean).map(Number)];
}
