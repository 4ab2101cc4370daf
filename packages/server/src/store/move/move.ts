import { DatabaseRefused } from '../database.ts';
import type { Side, Table, TargetSide } from './side.ts';
import { tableSum } from './table-sum.ts';

/** What a move tells: rows done of all, and the table they belong to. */
export type MoveProgress = (done: number, total: number, table: string) => void;

/** Fills an empty database with all rows of another, numbers and all, and reads it again to compare. Returns how many rows went. */
export async function moveRows(source: Side, target: TargetSide, progress: MoveProgress): Promise<number> {
  requireSameTables(source, target);
  let total = 0;
  for (const table of source.tables) total += await source.count(table);
  let done = 0;
  for (const table of source.tables) {
    const sum = tableSum(table);
    progress(done, total, table.name);
    for await (const rows of source.batches(table)) {
      sum.add(rows);
      await target.insert(table, rows);
      done += rows.length;
      progress(done, total, table.name);
    }
    await requireSame(table, sum.text(), target);
  }
  await target.setLastNumbers(await source.lastNumbers());
  return done;
}

async function requireSame(table: Table, expected: string, target: Side): Promise<void> {
  const sum = tableSum(table);
  for await (const rows of target.batches(table)) sum.add(rows);
  if (sum.text() === expected) return;
  throw new DatabaseRefused(
    `The table ${table.name} did not arrive as it was (${expected} became ${sum.text()}). Nothing was kept of the move.`,
  );
}

function requireSameTables(source: Side, target: Side): void {
  const [from, to] = [source, target].map(({ tables }) => JSON.stringify(tables));
  if (from !== to) {
    throw new DatabaseRefused(
      'The two databases do not have the same tables and columns. Run "signet migrate" on the one to be moved first.',
    );
  }
}
