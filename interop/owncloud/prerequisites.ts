import { spawnSync } from 'node:child_process';
import { aptInstall, hasApt } from '../../scripts/apt.mjs';

const PACKAGES = ['owncloud-client', 'xvfb', 'dbus', 'openssl'];

/** Every program that is needed, and the arguments that only have it say that it is there. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  owncloud: ['--version'],
  Xvfb: ['-help'],
  'dbus-run-session': ['--version'],
  openssl: ['version'],
  unshare: ['--version'],
};

/** Why the run cannot be made here, as the end of a sentence; undefined when it can. */
export function missing(): string | undefined {
  if (process.platform !== 'linux') return 'the program runs here only on Linux.';
  const absent = Object.entries(PROGRAMS)
    .filter(([name, args]) => run(name, args) === undefined)
    .map(([name]) => name);
  if (absent.length > 0)
    return `${absent.join(', ')} cannot be found: node interop/owncloud-desktop.ts --install installs them on Debian.`;
  const version = run('owncloud', ['--version']) ?? '';
  if (!/\b2\.\d+/.test(version)) return `this is another ownCloud program: ${version.trim()}.`;
  // The certificate authority of the run is shown to the program alone.
  return run('unshare', ['--map-root-user', '--mount', 'true']) === undefined
    ? 'this user may make no mount namespace (unshare --map-root-user --mount).'
    : undefined;
}

/** Installs what is missing, where that can be done. */
export function install(): void {
  if (hasApt()) aptInstall(...PACKAGES);
}

/** What it writes; undefined when it is not there or fails. */
function run(name: string, args: readonly string[]): string | undefined {
  const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen' };
  const { status, error, stdout } = spawnSync(name, args, { encoding: 'utf8', env, timeout: 20_000 });
  return error === undefined && status === 0 ? stdout : undefined;
}
