import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleTokens, type ROOT } from '../api/support.ts';
import type { Ending, Signet } from '../support/signet.ts';
import { folder, type Given } from './program.ts';

/** Somebody on another machine who has signed in at a server. */
export async function signedInAt(t: Ending, server: Signet, account: typeof ROOT): Promise<Given> {
  const cwd = folder(t);
  const tokens = await consoleTokens(server, account);
  const kept = {
    issuer: server.issuer,
    access_token: tokens['access_token'],
    expires_at: Date.now() + 300_000,
  };
  mkdirSync(join(cwd, 'signet'));
  const path = join(cwd, 'signet/credentials.json');
  writeFileSync(path, JSON.stringify({ servers: { [server.issuer]: kept } }), { mode: 0o600 });
  return { cwd, env: { XDG_CONFIG_HOME: cwd } };
}
