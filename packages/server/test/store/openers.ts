import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Opened, Wish } from './opener.ts';

/** Opens one thing in several processes at the same moment. */
export type OpenAtOnce = (wish: Wish) => Promise<readonly Opened[]>;

/** Starts processes that wait for something to open; they end with the test. With `asNobody` they have no rights of root. */
export async function startOpeners(t: TestContext, count: number, asNobody = false): Promise<OpenAtOnce> {
  const nobody = asNobody ? { uid: 65_534, gid: 65_534 } : {};
  const askers = await Promise.all(Array.from({ length: count }, () => startOpener(t, nobody)));
  return (wish) => Promise.all(askers.map((ask) => ask(wish)));
}

async function startOpener(
  t: TestContext,
  user: { uid?: number; gid?: number },
): Promise<(wish: Wish) => Promise<Opened>> {
  const child = fork(join(import.meta.dirname, 'opener.ts'), user);
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(() => ({ refused: 'the process has ended' }));
  const answer = async (): Promise<Opened> => (await once(child, 'message'))[0];
  await Promise.race([answer(), ended]);
  return (wish) => {
    const answered = Promise.race([answer(), ended]);
    child.send(wish);
    return answered;
  };
}
