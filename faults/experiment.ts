import type { Violation } from './driver/tally.ts';
import type { Cluster } from './kit/postgres.ts';
import type { Dice } from './kit/random.ts';

export type DatabaseKind = 'sqlite' | 'postgres';

/** How large a run is. */
export type Size = Readonly<{
  kills: number;
  rounds: number;
  /** 1 for a whole run; smaller numbers shorten everything that lasts. */
  scale: number;
}>;

/** What an experiment is given. */
export type Bench = Readonly<{
  database: DatabaseKind;
  dice: Dice;
  size: Size;
  /** A folder that goes after the run. */
  folder: string;
  /** The program under test: the folder of packages/server or of a patched copy. */
  program: string;
  /** The cluster of PostgreSQL that the experiments use, one after the other. */
  cluster: () => Promise<Cluster>;
  /** A name for a database that nobody else uses. */
  databaseName: () => string;
  /** Tells how far it is. */
  say: (line: string) => void;
  /** What ends with the experiment, in whatever way it ends. */
  after: (end: () => void | Promise<void>) => void;
}>;

/** What came of an experiment: its one line, and all that must not be. */
export type Result = Readonly<{
  figure: string;
  violations: readonly Violation[];
  /** Operations acknowledged, of those experiments that drive a mix. */
  acknowledged?: number;
  figures?: Readonly<Record<string, number | string>>;
}>;

export type Experiment = Readonly<{
  id: string;
  title: string;
  databases: readonly DatabaseKind[];
  /** It waits more than it works: it runs beside the others, in a lane of its own. */
  isLight?: boolean;
  /** Its figures are times: it runs after the others, with the machine to itself. */
  isAlone?: boolean;
  run: (bench: Bench) => Promise<Result>;
}>;

/** This machine cannot do the experiment; the message says what is missing. */
export class Skipped extends Error {
  override name = 'Skipped';
}
