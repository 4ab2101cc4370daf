import { CommandError } from './command-error.ts';
import { readMetadata } from './metadata-file.ts';
import { callServer, serverAt } from './remote.ts';
import { printOne, type ResultOptions } from './result.ts';
import { listFrom, type Target } from './target.ts';

export type ApiOptions = ResultOptions &
  Readonly<{ server?: string; method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; file?: string; all?: boolean }>;

/** `signet api`: one request to a server's API for administrators, for what has no command of its own. */
export async function request(options: ApiOptions, path: string): Promise<void> {
  if (options.server === undefined) throw new CommandError('usage', 'Say with --server which one is asked.');
  const server = serverAt(options.server);
  const { method, file } = options;
  if (!path.startsWith('/')) throw new CommandError('usage', 'A path begins with a slash, such as /clients.');
  if (options.all === true) {
    const ask: Target['ask'] = (how, address) => callServer(server, how, address);
    printOne(options, path, { items: (await listFrom({ ask }, path)).entries });
    return;
  }
  const body = file === undefined ? undefined : (await readMetadata(file)).value;
  if (method === 'PATCH') {
    // What is changed is the version that is there now.
    const { etag } = await callServer(server, 'GET', path);
    printOne(options, path, (await callServer(server, method, path, { patch: body ?? {}, etag })).body);
    return;
  }
  printOne(options, path, (await callServer(server, method, path, { body })).body);
}
