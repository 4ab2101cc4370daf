import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { configured, json, serving, signet } from '../../cli/program.ts';
import { ALICE } from '../../support/signet.ts';
import { bearer, call } from './cells.ts';

/** A folder with the three lines that make a server in the manner of Cells, and alice. */
async function configuredCells(t: TestContext): Promise<{ cwd: string; site: string }> {
  const { cwd, issuer: site } = await configured(t);
  const config = { issuer: `${site}/oidc`, profile: 'cells', users: [ALICE] };
  writeFileSync(join(cwd, 'signet.yaml'), stringify(config));
  return { cwd, site };
}

test('the command line makes, lists and ends personal tokens, which the running server takes (row 35)', async (t) => {
  const given = await configuredCells(t);
  await serving(t, `${given.site}/oidc`, ['serve'], given);
  const whoIs = async (token: unknown): Promise<string> => {
    const { text } = await call(given, ['GET', '/a/frontend/state'], undefined, bearer(String(token)));
    return /<user id="([^"]*)"/.exec(text)?.[1] ?? 'nobody';
  };
  const made = await json(
    ['token', 'create', 'alice', '-e', '24h', '-s', 'node:a-1:rw', '--label', 'backup'],
    given,
  );
  assert.equal(await whoIs(made['token']), 'alice');
  assert.deepEqual(made['scopes'], ['node:a-1:rw']);
  const sliding = await json(['token', 'create', 'alice', '-a', '600'], given);
  assert.equal(sliding['auto_refresh'], '600s');
  assert.equal((await json(['token', 'create', 'alice'], given))['auto_refresh'], '600s');
  const listed = await signet(['token', 'list', '--user', 'alice', '--output', 'json'], given);
  assert.equal(JSON.parse(listed.stdout).length, 3);
  assert.doesNotMatch(listed.stdout, /sgpt_/);
  assert.equal((await signet(['token', 'delete', String(made['uuid'])], given)).code, 0);
  assert.equal(await whoIs(made['token']), 'nobody');
  assert.equal(await whoIs(sliding['token']), 'alice');
});

test('the command line refuses two ends, none that is one, unknown users and tokens (row 35)', async (t) => {
  const given = await configuredCells(t);
  await json(['user', 'create', 'carol', '--no-password'], given);
  const refused = [
    [['token', 'create', 'carol', '-e', '1h', '-a', '1h'], /not both/],
    [['token', 'create', 'carol', '-e', 'soon'], /must be a length of time/],
    [['token', 'create', 'nobody'], /no user nobody/],
    [['token', 'delete', 'unheard-of'], /no token/],
  ] as const;
  for (const [args, words] of refused) {
    const { code, stderr, stdout } = await signet(args, given);
    assert.notEqual(code, 0);
    assert.match(stderr, words);
    assert.equal(stdout, '');
  }
});
