import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Errand } from './migrating.ts';

/** A process that migrates: what it says at the end, and a way to kill it before. */
export type Migrator = Readonly<{ said: Promise<string>; kill: () => Promise<void> }>;

export async function startMigrator(t: TestContext, errand: Errand): Promise<Migrator> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'migrating.ts'));
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await once(child, 'message');
  const said = Promise.race([
    once(child, 'message').then(([text]) => String(text)),
    ended.then(() => 'killed'),
  ]);
  child.send(errand);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { said, kill };
}
