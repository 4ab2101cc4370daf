import { isRecord } from '../admin/fault.ts';
import { CommandError } from './command-error.ts';
import { KEY_LISTING } from './key-listing.ts';
import type { KeyOptions, RotateOptions } from './keys.ts';
import { callServer, type Members, type ServerOptions, serverAt } from './remote.ts';
import { printList } from './result.ts';

/** `signet key list --server`. */
export async function listAll(options: KeyOptions & ServerOptions): Promise<void> {
  printList(options, { entries: await keysAt(serverAt(options.server ?? '')), ...KEY_LISTING });
}

/** `signet key rotate --server`: prints the keys that were made. */
export async function rotate(options: RotateOptions & ServerOptions): Promise<void> {
  const server = serverAt(options.server ?? '');
  const known = (await keysAt(server)).map(({ kid }) => kid);
  const body = {
    ...(options.alg !== undefined && { alg: options.alg }),
    when: options.now === true ? 'now' : 'after-lead',
  };
  await callServer(server, 'POST', '/keys/rotate', { body });
  const entries = (await keysAt(server)).filter(({ kid }) => !known.includes(kid));
  if (entries.length === 0) {
    throw new CommandError(
      'conflict',
      'A new key is published already and waits for its time; nothing was changed. --now makes another one that signs at once.',
    );
  }
  printList(options, { entries, ...KEY_LISTING });
}

async function keysAt(server: string): Promise<readonly Members[]> {
  const { items } = (await callServer(server, 'GET', '/keys')).body;
  return Array.isArray(items) ? items.filter(isRecord) : [];
}
