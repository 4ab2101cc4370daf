import { fileURLToPath } from 'node:url';
import type { Algorithm } from '../limit/primitives.ts';
import { freePort, type ServerProcess, startServer } from './server-process.ts';

const SERVER = fileURLToPath(new URL('oidc-provider-server.ts', import.meta.url));

/** Starts oidc-provider: in memory, or on a durable SQLite file. */
export async function startOidcProvider(
  algorithm: Algorithm,
  { file, prefix }: Readonly<{ file?: string; prefix: readonly string[] }>,
): Promise<ServerProcess> {
  const port = await freePort();
  return startServer({
    prefix,
    args: [SERVER, String(port), algorithm, ...(file === undefined ? [] : [file])],
    port,
  });
}
