// Plain JavaScript without dependencies: what the set-up scripts share, on Node 18 and later and a bare clone.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Name of the system as its advice is listed: `debian`, `fedora`, `darwin`, … */
export function system() {
  if (process.platform !== 'linux') return process.platform;
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID="?([^"\n]*)/m.exec(release)?.[1] ?? 'linux';
}

export const hasApt = () => existsSync('/usr/bin/apt-get');

/** Installs Debian packages, as root or by sudo. True when all went well. */
export const aptInstall = (...packages) =>
  apt('update') && apt('install', '-y', '--no-install-recommends', ...packages);

function apt(...args) {
  const command = ['apt-get', ...args];
  if (process.getuid() !== 0) {
    if (!succeeds('sudo', ['--version'])) return false;
    command.unshift('sudo', '--preserve-env=DEBIAN_FRONTEND');
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command[0], command.slice(1), { stdio: 'inherit', env }).status === 0;
}

function succeeds(file, args) {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}
