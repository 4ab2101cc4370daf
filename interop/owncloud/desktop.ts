import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';
import { ALICE } from './signet.ts';
import type { Ending } from './waiting.ts';

/** The running program. */
export type Desktop = Readonly<{
  /** The address for which it has opened a browser, once it has. */
  opened: () => string | undefined;
  /** What it wrote into its log. */
  log: () => string;
}>;

type Place = Readonly<{ folder: string; origin: string; certificates: Certificates }>;

/** An account at the server whose tokens are gone, so that the program begins with its browser step. */
const configOf = (origin: string): string => `[Accounts]
version=2
0\\version=1
0\\url=${origin}
0\\user=${ALICE.username}
0\\dav_user=${ALICE.username}
0\\http_user=${ALICE.username}
0\\http_oauth=true
0\\http_CredentialVersion=1
0\\display-name=Alice
0\\uuid={7e3f4cf4-7a3b-4dd8-9a57-3d0a5d4f5d11}
`;

/** Starts it at a display, a session bus and a home folder of its own; it trusts the authority of this run beside the system's. */
export function startDesktop({ folder, origin, certificates }: Place, endings: Ending[]): Desktop {
  const [home, programs, address, log] = ['home', 'bin', 'opened', 'owncloud.log'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  for (const path of [home, programs, join(home, 'config'), join(home, 'run'), join(home, 'tmp')])
    mkdirSync(path, { mode: 0o700 });
  writeFileSync(join(home, 'config', 'owncloud.cfg'), configOf(origin));
  // The program hands the address to what the desktop calls its browser.
  writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${address}'\n`);
  chmodSync(join(programs, 'xdg-open'), 0o755);
  const display = `:${90 + (process.pid % 900)}`;
  const script = `mount --bind '${certificates.trusted}' /etc/ssl/certs
Xvfb ${display} -screen 0 1024x768x24 -nolisten tcp & XVFB=$!
trap 'kill $XVFB' EXIT
dbus-run-session -- owncloud --confdir '${join(home, 'config')}' --logfile '${log}' --logflush --logdebug`;
  const child = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-e', '-c', script], {
    env: {
      PATH: `${programs}:${process.env['PATH']}`,
      HOME: home,
      XDG_RUNTIME_DIR: join(home, 'run'),
      // There it looks for another one of its kind, which it would leave the work to.
      TMPDIR: join(home, 'tmp'),
      DISPLAY: display,
      LANG: 'C.UTF-8',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += String(text)));
  endings.push(async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    // All of its own process group: the display and the bus too.
    process.kill(-child.pid, 'SIGTERM');
    await ended;
  });
  return {
    opened: () => (existsSync(address) ? /.+/.exec(readFileSync(address, 'utf8'))?.[0] : undefined),
    log: () => said + (existsSync(log) ? readFileSync(log, 'utf8') : ''),
  };
}
