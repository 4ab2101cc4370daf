import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answerOf, personAt } from '../../support/person.ts';
import { ALICE } from '../../support/signet.ts';
import { APP, CALLBACK, startUserClouds } from './userclouds.ts';

/** The documented sample, made of the real go-oidc and x/oauth2. */
const SOURCE = fileURLToPath(new URL('./go-sample', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'signet-go-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Built with what is on this machine; nothing is fetched for it. Else the reason why not. */
function build(): { program: string } | { reason: string } {
  const program = join(folder, 'sample');
  try {
    execFileSync('go', ['build', '-o', program, '.'], {
      cwd: SOURCE,
      env: { ...process.env, GOPROXY: 'off', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' },
      stdio: 'pipe',
    });
    return { program };
  } catch {
    return {
      reason: 'there is no Go here with go-oidc and x/oauth2 (go mod download in go-sample fetches them)',
    };
  }
}

const built = build();
if ('reason' in built) console.log(`Left out: ${built.reason}.`);

for (const how of 'program' in built ? ['the secret alone', 'pkce'] : []) {
  test(`the documented Go sample, of the real libraries, signs in with ${how} (rows 91, 98, 128)`, async (t: TestContext) => {
    assert.ok('program' in built);
    const signet = await startUserClouds(t);
    const child = spawn(built.program, [signet.issuer, APP.client_id, APP.client_secret, CALLBACK, how]);
    t.after(() => child.kill());
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => {
      complaint += text.toString();
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const address = await lines.next();
    assert.ok(typeof address.value === 'string', complaint);
    const person = personAt(signet);
    const page = await person.follow(await person.visit(address.value));
    const { code, state } = answerOf(await person.submit(page, ALICE));
    child.stdin.write(`${code} ${state}\n`);
    const told = await lines.next();
    assert.ok(typeof told.value === 'string', complaint);
    const { subject, userinfo, ...rest } = JSON.parse(told.value) as Record<string, unknown>;
    assert.equal(subject, userinfo);
    assert.deepEqual(rest, { issuer: signet.issuer, email: 'alice@example.com', refreshed: true });
  });
}
