import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Algorithm } from '../limit/primitives.ts';
import { RESOURCE, type Resources } from '../load/site.ts';
import { startOidcProvider } from './oidc-provider.ts';
import type { Place } from './place.ts';
import { freePort, type ServerProcess, startServer } from './server-process.ts';
import { startSignet } from './signet.ts';

export const CONTENDERS = [
  'bare HTTP',
  'Signet SQLite',
  'Signet PostgreSQL',
  'oidc-provider memory',
  'oidc-provider SQLite',
] as const;

/** Who is measured. `bare HTTP` is a part of the limit. */
export type ContenderName = (typeof CONTENDERS)[number];

export const isPeer = (name: ContenderName): boolean => name.startsWith('oidc-provider');

const BARE = fileURLToPath(new URL('../limit/bare-server.ts', import.meta.url));

/** Starts the server that does nothing but HTTP, or that is busy for so many microseconds with each request. */
export async function startBare(prefix: readonly string[], work = 0): Promise<ServerProcess> {
  const port = await freePort();
  return startServer({ prefix, args: [BARE, String(port), String(work)], port });
}

/** Starts a contender whose tokens are signed with that algorithm. */
export async function startContender(
  name: ContenderName,
  algorithm: Algorithm,
  { folder, prefix, postgres }: Place,
  profile?: string,
): Promise<ServerProcess> {
  const own = join(folder, fileNameOf(name, algorithm));
  mkdirSync(own, { recursive: true });
  const nodeArgs = profile === undefined ? [] : profiling(profile, fileNameOf(name, algorithm));
  switch (name) {
    case 'bare HTTP':
      return startBare(prefix);
    case 'Signet SQLite':
      return startSignet({
        folder: own,
        database: `sqlite:${join(own, 'signet.db')}`,
        algorithm,
        prefix,
        nodeArgs,
      });
    case 'Signet PostgreSQL': {
      const database = postgres?.newDatabase(`signet_${algorithm.toLowerCase()}`);
      if (database === undefined) throw new Error('There is no PostgreSQL here.');
      return startSignet({ folder: own, database, algorithm, prefix, nodeArgs });
    }
    case 'oidc-provider memory':
      return startOidcProvider(algorithm, { prefix });
    case 'oidc-provider SQLite':
      return startOidcProvider(algorithm, { prefix, file: join(own, 'oidc-provider.db') });
  }
}

const fileNameOf = (name: ContenderName, algorithm: Algorithm): string =>
  `${name}-${algorithm}`.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase();

const profiling = (folder: string, name: string): readonly string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${join(folder, name)}`,
];

/**
 * Which resource a contender wants named for access tokens that are JWTs. Signet's always are. The peer in memory is asked for JWTs by a
 * machine and in the code flow, and both peers with RS256 everywhere; else their tokens are opaque, which saves them a signature, but
 * on SQLite costs a row: an opaque token that is durable is what that comparison is about.
 */
export function resourcesOf(name: ContenderName, algorithm: Algorithm): Resources {
  if (!isPeer(name)) return { machine: RESOURCE };
  if (algorithm === 'RS256') return { machine: RESOURCE, codeFlow: RESOURCE, signIn: RESOURCE };
  return name === 'oidc-provider memory' ? { machine: RESOURCE, codeFlow: RESOURCE } : {};
}
