// Plain JavaScript without dependencies: installs the browser of the tests, on Node 18 and later and a bare clone.
import { spawnSync } from 'node:child_process';
import { aptInstall, hasApt, system } from './apt.mjs';
import { findChromium, isShell } from './chromium.mjs';

/** What to type where this script does not install by itself. */
const ADVICE = {
  debian: 'apt-get install chromium-headless-shell fonts-dejavu-core (as root)',
  ubuntu: 'sudo snap install chromium',
  fedora: 'sudo dnf install chromium',
  alpine: 'sudo apk add chromium font-dejavu',
  arch: 'sudo pacman -S chromium',
  darwin: 'brew install --cask chromium',
};

function main() {
  const found = findChromium();
  const isGood = found !== undefined && (isShell(found) || Boolean(process.env.SIGNET_TEST_CHROMIUM));
  if (!isGood && hasDebianChromium()) installChromium(found);
  const chromium = findChromium();
  return chromium === undefined ? advise() : report(chromium);
}

/** Installs the one without windows, in which the tests take a third of the time; where there is none, one with windows will do. */
function installChromium(found) {
  console.log('Installing Chromium with apt-get …');
  const isThere = aptInstall('chromium-headless-shell', 'fonts-dejavu-core') || found !== undefined;
  if (!isThere) aptInstall('chromium', 'fonts-dejavu-core');
}

// Ubuntu's apt has no browser, only a package that fetches one from the snap store.
const hasDebianChromium = () => system() === 'debian' && hasApt();

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
