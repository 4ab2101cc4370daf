import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { personAtBrowser } from './owncloud/browser.ts';
import { makeCertificates } from './owncloud/certificates.ts';
import { startDesktop } from './owncloud/desktop.ts';
import { startFileServer } from './owncloud/file-server.ts';
import { install, missing } from './owncloud/prerequisites.ts';
import { startSignet } from './owncloud/signet.ts';
import { type Ending, endAll, until } from './owncloud/waiting.ts';

/** The program looks after its connection once in a minute. */
const PATIENCE = 150_000;

/** Signs the real desktop program in, and has it use what it got. Throws with what was seen when a step does not come. */
async function signIn(folder: string, endings: Ending[]): Promise<void> {
  const certificates = makeCertificates(folder);
  const files = await startFileServer(certificates, endings);
  const signet = await startSignet(folder, files.origin, endings);
  files.use(signet.address);
  const desktop = startDesktop({ folder, origin: files.origin, certificates }, endings);
  const step = async <Found>(what: string, find: () => Found | undefined): Promise<Found> => {
    const found = await until(find, PATIENCE);
    if (found === undefined)
      throw new Error(`It did not come to this: ${what}.\n${desktop.log().slice(-6000)}`);
    console.log(`  ${what}`);
    return found;
  };
  await step('the program asks for the status of the server', () => files.seen('GET /status.php'));
  await step('the program reads discovery', () => files.seen('GET /.well-known/openid-configuration'));
  const address = await step('the program opens the browser', desktop.opened);
  await step('it names the person', () => /[?&]login_hint=alice(&|$)/.test(address) || undefined);
  const page = await personAtBrowser(address, certificates.ca);
  await step('the person signs in, allows, and is told by the program that it went well', () =>
    /Login Successful/.test(page) ? true : undefined,
  );
  await step('the program redeems the code', () => files.seen('POST /konnect/v1/token 200'));
  await step('the program lists files with its token, which the file server has checked', () =>
    files.seen('PROPFIND alice 207'),
  );
  // With an access token of a few seconds it has to refresh before long.
  await step('the program refreshes its token', () => files.seen('POST /konnect/v1/token 200', 2));
  const listed = files.count('PROPFIND alice 207');
  const listsAgain = (since: number) => () => files.count('PROPFIND alice 207') > since || undefined;
  await step('the program goes on with the new token', listsAgain(listed));
  await signet.signOut();
  await step('after the person was signed out everywhere, the program is refused a refresh', () =>
    files.seen('POST /konnect/v1/token 400'),
  );
  await step(
    'the program forgets its tokens and asks for a new sign-in',
    () => /"Connected" -> "Asking Credentials"/.test(desktop.log()) || undefined,
  );
}

async function main(): Promise<number> {
  if (process.argv.includes('--install')) install();
  const reason = missing();
  if (reason !== undefined) {
    console.log(`ownCloud desktop: skipped, because ${reason}`);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'signet-interop-'));
  const endings: Ending[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    console.log('ownCloud desktop:');
    await signIn(folder, endings);
    console.log('ownCloud desktop: passed');
    return 0;
  } catch (fault) {
    console.error(fault instanceof Error ? fault.message : fault);
    console.error('ownCloud desktop: failed');
    return 1;
  } finally {
    await endAll(endings);
  }
}

process.exitCode = await main();
