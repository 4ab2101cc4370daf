import { execFileSync } from 'node:child_process';
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

/** A throw-away cluster in a temporary folder on a free port. PostgreSQL refuses to run as root, so root lends it another name. */
export async function startPostgres(): Promise<Cluster> {
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
  // No test cuts the power, and what is never read again need not reach the disk.
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off`;
  run('pg_ctl', '--pgdata', cluster, '--wait', '--log', join(folder, 'log'), '-o', settings, 'start');
  return {
    url: (database) => `postgres://signet@127.0.0.1:${port}/${database}`,
    create: (database, like = 'template1') =>
      run(
        'createdb',
        '--host=127.0.0.1',
        `--port=${port}`,
        '--username=signet',
        `--template=${like}`,
        database,
      ),
    stop: () => {
      run('pg_ctl', '--pgdata', cluster, '--wait', '--mode=immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
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
