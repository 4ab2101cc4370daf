import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../store/temporary.ts';
import { exchange, personAt, refresh, userinfo } from '../support/person.ts';
import { codesFor, introspect, OFFLINE, revoke } from './driving.ts';
import { serverProcess } from './server-process.ts';

/** Two processes of one provider on one SQLite file, both started at the same moment on an empty folder. */
async function startTwins(t: TestContext) {
  const folder = temporaryFolder(t);
  const one = await serverProcess(t, folder);
  const other = await serverProcess(t, folder, one.signet);
  await Promise.all([one.start(), other.start()]);
  const person = personAt(one.signet);
  await person.grant(OFFLINE);
  return { one: one.signet, other: other.signet, person };
}

const ROUNDS = 5;

test('two processes that start at once on an empty folder are one provider', async (t) => {
  const { one, other, person } = await startTwins(t);
  const keysOf = async (url: string) => (await fetch(url)).json();
  assert.deepEqual(await keysOf(one.url('/jwks')), await keysOf(other.url('/jwks')));
  const [code = ''] = await codesFor(person, 1);
  const { body } = await exchange(other, code);
  assert.equal((await userinfo(one, String(body['access_token']))).status, 200);
  assert.equal((await introspect(other, String(body['access_token']))).body['active'], true);
  assert.equal((await revoke(one, String(body['refresh_token']))).status, 200);
  assert.equal((await introspect(other, String(body['access_token']))).body['active'], false);
  assert.equal((await refresh(other, String(body['refresh_token']))).body['error'], 'invalid_grant');
});

test('of fifty redemptions of one code at two processes at once exactly one succeeds', async (t) => {
  const { one, other, person } = await startTwins(t);
  for (const code of await codesFor(person, ROUNDS)) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => exchange(index % 2 === 0 ? one : other, code)),
    );
    const errors = answers.filter(({ status }) => status === 400).map(({ body }) => body['error']);
    assert.deepEqual(errors, Array(49).fill('invalid_grant'));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  }
});

test('of fifty uses of one refresh token at two processes at once all get the same successor', async (t) => {
  const { one, other, person } = await startTwins(t);
  for (const code of await codesFor(person, ROUNDS)) {
    const first = String((await exchange(one, code)).body['refresh_token']);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(index % 2 === 0 ? one : other, first)),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const [successor, ...others] = new Set(answers.map(({ body }) => String(body['refresh_token'])));
    assert.deepEqual(others, []);
    assert.equal((await refresh(other, successor ?? '')).status, 200);
  }
});
