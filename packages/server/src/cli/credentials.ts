import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { readEnvironment } from '../config/source-environment.ts';
import { CommandError } from './command-error.ts';

const held = z.object({
  issuer: z.string(),
  access_token: z.string(),
  /** Milliseconds. */
  expires_at: z.number(),
  refresh_token: z.string().optional(),
});
const file = z.object({ servers: z.record(z.string(), held) });

/** What this user holds of one server. */
export type Held = Readonly<z.output<typeof held>>;
type Credentials = Readonly<{ servers: Readonly<Record<string, Held>> }>;

/** Where they are kept: in the user's own folder for configuration (XDG Base Directory; APPDATA on Windows). */
export function credentialsFile(): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: roaming } = readEnvironment();
  const usual = process.platform === 'win32' ? roaming : undefined;
  // A relative path is to be ignored (XDG Base Directory).
  const folder = xdg?.startsWith('/') === true ? xdg : (usual ?? join(homedir(), '.config'));
  return join(folder, 'signet', 'credentials.json');
}

export const findHeld = (server: string): Held | undefined => readAll().servers[server];

/** Keeps what is held of a server, or forgets it; a reader sees the file before or after, never between. */
export function keep(server: string, kept: Held | undefined): void {
  const { [server]: _, ...others } = readAll().servers;
  const servers = kept === undefined ? others : { ...others, [server]: kept };
  const path = credentialsFile();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ servers }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

function readAll(): Credentials {
  const path = credentialsFile();
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { servers: {} };
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new CommandError(
      'conflict',
      `Others on this machine may read ${path}, which holds your tokens. Say chmod 600 ${path}, and sign in anew if that was so for long.`,
    );
  }
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new CommandError(
      'conflict',
      `${path} is not what signet login wrote. Remove it, and sign in anew.`,
    );
  }
}
