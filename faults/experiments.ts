import type { Experiment } from './experiment.ts';
import { amnesia } from './experiments/amnesia.ts';
import { cleanup } from './experiments/cleanup.ts';
import { clock } from './experiments/clock.ts';
import { commitUnknown } from './experiments/commit-unknown.ts';
import { configuration } from './experiments/configuration.ts';
import { contention } from './experiments/contention.ts';
import { corruption } from './experiments/corruption.ts';
import { databaseAway } from './experiments/database-away.ts';
import { diskFull } from './experiments/disk-full.ts';
import { keys } from './experiments/keys.ts';
import { kill } from './experiments/kill.ts';
import { memory } from './experiments/memory.ts';
import { overload } from './experiments/overload.ts';
import { pool } from './experiments/pool.ts';
import { power } from './experiments/power.ts';
import { races } from './experiments/races.ts';
import { restore } from './experiments/restore.ts';
import { rolling } from './experiments/rolling.ts';
import { simulation } from './experiments/simulation.ts';

/** All of them, in the order in which a lane runs them. */
export const EXPERIMENTS: readonly Experiment[] = [
  amnesia,
  simulation,
  power,
  kill,
  races,
  databaseAway,
  commitUnknown,
  diskFull,
  clock,
  keys,
  rolling,
  restore,
  contention,
  overload,
  memory,
  corruption,
  configuration,
  pool,
  cleanup,
];

/** What `--quick` runs. */
export const QUICK: readonly string[] = ['E1', 'E2', 'E3', 'E13', 'E23'];
