// Plain JavaScript without dependencies: installs PostgreSQL for the tests, on Node 18 and later and a bare clone.
import { existsSync, readdirSync } from 'node:fs';
import { aptInstall, hasApt } from './apt.mjs';

const DEBIAN = '/usr/lib/postgresql';

function main() {
  if (isThere()) return report();
  if (!hasApt()) return advise();
  console.log('Installing PostgreSQL with apt-get …');
  return aptInstall('postgresql') && isThere() ? report() : advise();
}

const versions = () =>
  existsSync(DEBIAN)
    ? readdirSync(DEBIAN).filter((version) => existsSync(`${DEBIAN}/${version}/bin/initdb`))
    : [];

const isThere = () => versions().length > 0;

function report() {
  console.log(
    `The tests on PostgreSQL will use version ${versions().join(', ')}, in throw-away clusters of their own.`,
  );
  return 0;
}

function advise() {
  console.error('The tests on PostgreSQL need its server programs, and none could be installed from here.');
  console.error('Install it with: apt-get install postgresql (as root, on Debian and its kin)');
  return 1;
}

process.exitCode = main();
