import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configured, serving } from '../../cli/program.ts';
import { basic, post } from '../../support/person.ts';

test('three lines of configuration start a tenant, which tells the credentials of its application once (row 113)', async (t) => {
  const { cwd, issuer } = await configured(t, { profile: 'userclouds' });
  const first = await serving(t, issuer, ['serve'], { cwd });
  await first.says(/client_secret {2}\S+\n/);
  const said = first.stderr();
  const client_id = /client_id {6}(\S+)/.exec(said)?.[1];
  const client_secret = /client_secret {2}(\S+)/.exec(said)?.[1];
  const form = { grant_type: 'client_credentials' };
  const answer = await post(first.url('/oidc/token'), form, basic(client_id, client_secret));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.ok(!first.stdout().includes(client_secret ?? ''), 'not in the log');
  first.process.kill('SIGTERM');
  assert.equal(await first.ended, 0);
  const second = await serving(t, issuer, ['serve'], { cwd });
  await second.says(/setup\?token=/);
  assert.doesNotMatch(second.stderr(), /client_secret/);
  assert.equal((await post(second.url('/oidc/token'), form, basic(client_id, client_secret))).status, 200);
});
