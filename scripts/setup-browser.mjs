// Plain JavaScript without dependencies: installs the browser of the tests, on Node 18 and later and a bare clone.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findChromium } from './chromium.mjs';

/** What to type where this script does not install by itself. */
const ADVICE = {
  debian: 'apt-get install chromium fonts-dejavu-core (as root)',
  ubuntu: 'sudo snap install chromium',
  fedora: 'sudo dnf install chromium',
  alpine: 'sudo apk add chromium font-dejavu',
  arch: 'sudo pacman -S chromium',
  darwin: 'brew install --cask chromium',
};

function main() {
  const found = findChromium();
  if (found !== undefined) return report(found);
  if (!hasDebianChromium()) return advise();
  console.log('Installing Chromium with apt-get …');
  const installed =
    apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  const chromium = installed ? findChromium() : undefined;
  return chromium === undefined ? advise() : report(chromium);
}

// Ubuntu's apt has no browser, only a package that fetches one from the snap store.
function hasDebianChromium() {
  return system() === 'debian' && existsSync('/usr/bin/apt-get');
}

function system() {
  if (process.platform !== 'linux') return process.platform;
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID="?([^"\n]*)/m.exec(release)?.[1] ?? 'linux';
}

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

function report(chromium) {
  const version = spawnSync(chromium, ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) {
    console.error(`${chromium} does not start: ${version.error?.message ?? version.stderr.trim()}`);
    return 1;
  }
  console.log(`The browser tests will use ${chromium} (${version.stdout.trim()}).`);
  return 0;
}

function advise() {
  const command = ADVICE[system()];
  console.error('The browser tests need Chromium or Chrome, and none could be installed from here.');
  if (command !== undefined) console.error(`Install it with: ${command}`);
  console.error(
    'Any Chromium will do: name it in the variable SIGNET_TEST_CHROMIUM if it stands in an unusual place.',
  );
  return 1;
}

process.exitCode = main();
