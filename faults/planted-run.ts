import { join } from 'node:path';
import type { DatabaseKind } from './experiment.ts';
import { temporaryFolder } from './kit/folders.ts';
import { patchedServer } from './kit/patch.ts';
import { SERVER } from './kit/signet.ts';
import type { Options } from './options.ts';
import { PLANTED, type PlantedBug } from './planted.ts';
import type { Row, Runner } from './runner.ts';

/** Puts each bug into a copy of the server and runs the experiment that is meant for it; true when each was found. */
export async function runPlanted(
  options: Options,
  running: Runner,
  tell: (line: string) => void,
): Promise<boolean> {
  const { path, remove } = temporaryFolder('planted');
  const bugs = PLANTED.filter(
    ({ experiment }) => options.only.length === 0 || options.only.includes(experiment.id),
  );
  let found = 0;
  let looked = 0;
  const lane = async (database: DatabaseKind): Promise<void> => {
    for (const bug of bugs.filter(({ databases }) => databases.includes(database))) {
      const folder = join(path, `${database}-${PLANTED.indexOf(bug)}`);
      const program = patchedServer(folder, bug.patches, options.server ?? SERVER);
      const row = await running.run(bug.experiment, database, program);
      looked += 1;
      if (row.status === 'violated') found += 1;
      tell(lineOf(bug, row));
    }
  };
  try {
    await Promise.all(options.databases.map(lane));
  } finally {
    remove();
  }
  tell(`\nfaults: seed ${options.seed}, ${looked} planted bugs, ${found} found, ${looked - found} not found`);
  return found === looked && looked > 0;
}

function lineOf({ name }: PlantedBug, { id, database, status, violations, figure, seconds }: Row): string {
  const verdict = status === 'violated' ? 'found' : status === 'clean' ? 'NOT FOUND' : status.toUpperCase();
  const kinds = new Map<string, number>();
  for (const { invariant } of violations) kinds.set(invariant, (kinds.get(invariant) ?? 0) + 1);
  const counted = [...kinds].map(([invariant, many]) => `${invariant} ${many} times`).join(', ');
  const [first] = violations;
  const example = first === undefined ? figure : `${counted}; first: ${first.what}`;
  return `${verdict.padEnd(9)} ${id.padEnd(4)} ${database.padEnd(8)} ${name}: ${example} (${seconds.toFixed(0)} s)`;
}
