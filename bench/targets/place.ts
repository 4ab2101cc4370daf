import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { NOT_PINNED, pinGenerator } from '../measure/cores.ts';
import { folderOnDisk } from '../measure/disk.ts';
import { benchPostgres, type Postgres } from './postgres.ts';

/** Where servers of the bench keep things, and what stands before their command to pin it to the server's core. */
export type Place = Readonly<{
  folder: string;
  prefix: readonly string[];
  /** The same for a server that may use every core, although the generator is pinned. */
  everyCore: readonly string[];
  /** Undefined where there is none, or none was asked for. */
  postgres: Postgres | undefined;
  /** What this machine is, and where server and generator run. */
  told: string;
}>;

export type PlaceOptions = Readonly<{
  directory: string;
  wantsPostgres: boolean;
  /** Server, generator and database share all cores. */
  isUnpinned?: boolean;
}>;

/** Gives the work a folder on a disk, a core for its servers, and a PostgreSQL if it wants one; all of it goes when the work is done. */
export async function atPlace(
  { directory, wantsPostgres, isUnpinned = false }: PlaceOptions,
  say: (text: string) => void,
  work: (place: Place) => Promise<void>,
): Promise<void> {
  const folder = folderOnDisk(directory);
  // Before the pinning, so that the database may use either core.
  const found = wantsPostgres ? await benchPostgres(folder) : undefined;
  if (found !== undefined && 'reason' in found) say(`PostgreSQL is left out: ${found.reason}`);
  const postgres = found !== undefined && 'cpu' in found ? found : undefined;
  const clean = (): void => {
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  // A bench that is broken off leaves nothing either.
  process.once('exit', clean);
  try {
    const { prefix, everyCore, told: pinned } = isUnpinned ? NOT_PINNED : pinGenerator();
    const told = `${cpus()[0]?.model ?? 'a machine'}, ${cpus().length} cores, Node ${process.version}; ${pinned}`;
    await work({ folder, prefix, everyCore, postgres, told });
  } finally {
    process.off('exit', clean);
    clean();
  }
}
