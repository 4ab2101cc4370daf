import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';

/** Folder of the newest PostgreSQL's programs on this machine, or undefined. */
export function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

/** Why tests on PostgreSQL are left out, or false. */
export const withoutPostgres: string | false =
  findPostgres() === undefined && 'there is no PostgreSQL here: npm run setup:postgres installs one';

export type Cluster = Readonly<{
  url: (database: string) => string;
  /** Makes a database, empty or like another one that nobody is connected to. */
  create: (database: string, like?: string) => void;
  stop: () => void;
}>;

/** No test cuts the power, and what is never read again need not reach the disk. */
const FORGETFUL = '-c fsync=off';

/**
 * A cluster for the databases of a test: the one that the test runner has started for the whole run (SIGNET_TEST_POSTGRES is its port),
 * with names that nobody else takes, or else a throw-away one.
 */
export async function startPostgres(): Promise<Cluster> {
  const shared = process.env['SIGNET_TEST_POSTGRES'];
  if (shared === undefined) return startCluster(FORGETFUL);
  return { ...databasesAt(Number(shared), `${randomBytes(6).toString('hex')}_`), stop: () => undefined };
}

/** A throw-away cluster in a temporary folder on a free port. PostgreSQL refuses to run as root, so root lends it another name. */
export async function startCluster(options = ''): Promise<Cluster & { port: number }> {
  const bin = findPostgres() ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'signet-postgres-'));
  const isRoot = userInfo().uid === 0;
  const port = await freePort();
  if (isRoot) chownSync(folder, Number(execFileSync('id', ['-u', 'postgres'])), -1);
  const run = (program: string, ...args: string[]): void => {
    const command = [join(bin, program), ...args];
    const [file = '', ...rest] = isRoot
      ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
      : command;
    execFileSync(file, rest, { cwd: folder, stdio: 'ignore' });
  };
  const cluster = join(folder, 'cluster');
  run(
    'initdb',
    '--pgdata',
    cluster,
    '--auth=trust',
    '--username=signet',
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C',
  );
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200 ${options}`;
  run('pg_ctl', '--pgdata', cluster, '--wait', '--log', join(folder, 'log'), '-o', settings, 'start');
  return {
    port,
    ...databasesAt(port),
    stop: () => {
      run('pg_ctl', '--pgdata', cluster, '--wait', '--mode=immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The one cluster for all test files of a run. */
export const startSharedCluster = (): ReturnType<typeof startCluster> => startCluster(FORGETFUL);

/** The databases of the server at a port whose names begin in one way. */
function databasesAt(port: number, prefix = ''): Pick<Cluster, 'url' | 'create'> {
  const createdb = join(findPostgres() ?? '', 'createdb');
  const to = ['--host=127.0.0.1', `--port=${port}`, '--username=signet'];
  return {
    url: (database) => `postgres://signet@127.0.0.1:${port}/${prefix}${database}`,
    create: (database, like) => {
      const template = like === undefined ? [] : [`--template=${prefix}${like}`];
      execFileSync(createdb, [...to, ...template, prefix + database], { stdio: 'ignore' });
    },
  };
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
