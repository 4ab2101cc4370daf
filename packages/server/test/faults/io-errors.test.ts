import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { answerOf, exchange, personAt, refresh, tokensFor, userinfo } from '../support/person.ts';
import { ALICE, type Signet, startSignet } from '../support/signet.ts';
import { type BrokenDisk, brokenDisk, type Failure } from './broken-disk.ts';
import { codesFor, introspect, OFFLINE, revoke } from './driving.ts';

/** Something that is done once while the disk fails, and what must hold afterwards. */
type Experiment<Made> = Readonly<{
  prepare: () => Promise<Made>;
  act: (made: Made) => Promise<Readonly<{ status: number }>>;
  /** The disk is whole again: looks whether the old or the new state holds, and goes on from there. */
  check: (made: Made, status: number) => Promise<void>;
  success: number;
}>;

/** Fails the first, the second, the third access, until the act passes without reaching the failing one. */
async function failEachAccess<Made>(
  t: TestContext,
  disk: BrokenDisk,
  { prepare, act, check, success }: Experiment<Made>,
): Promise<void> {
  for (const failure of ['not done', 'done but told as failed'] satisfies Failure[]) {
    for (let access = 1; ; access += 1) {
      const made = await prepare();
      disk.failAt(access, failure);
      const { status } = await act(made);
      const isReached = disk.mend();
      assert.ok(status === success || status === 503, `access ${access} ${failure}: ${status}`);
      await check(made, status);
      if (isReached) continue;
      assert.equal(status, success);
      t.diagnostic(`${access - 1} accesses, each ${failure} once`);
      break;
    }
  }
}

async function start(t: TestContext): Promise<{ signet: Signet; disk: BrokenDisk }> {
  const signet = await startSignet(t);
  return { signet, disk: brokenDisk(t) };
}

test('whichever access fails during an exchange, the code is either spent or not, and no answer is false', async (t) => {
  const { signet, disk } = await start(t);
  const person = personAt(signet);
  await person.grant(OFFLINE);
  const answers = new Map<string, Record<string, unknown>>();
  await failEachAccess(t, disk, {
    success: 200,
    prepare: async () => (await codesFor(person, 1))[0] ?? '',
    act: async (code) => {
      const answer = await exchange(signet, code);
      answers.set(code, answer.body);
      return answer;
    },
    check: async (code, status) => {
      if (status === 200) {
        assert.equal((await userinfo(signet, String(answers.get(code)?.['access_token']))).status, 200);
        return;
      }
      assert.deepEqual(Object.keys(answers.get(code) ?? {}), ['error', 'error_description']);
      const again = await exchange(signet, code);
      assert.ok(again.status === 200 || again.body['error'] === 'invalid_grant');
      assert.equal((await exchange(signet, code)).body['error'], 'invalid_grant', 'it is spent now');
    },
  });
});

test('whichever access fails during a refresh, the same token can be sent again and keeps its line', async (t) => {
  const { signet, disk } = await start(t);
  const person = personAt(signet);
  await failEachAccess(t, disk, {
    success: 200,
    prepare: async () => String((await tokensFor(signet, {}, person))['refresh_token']),
    act: (token) => refresh(signet, token),
    check: async (token) => {
      const again = await refresh(signet, token);
      assert.equal(again.status, 200);
      assert.equal((await refresh(signet, String(again.body['refresh_token']))).status, 200);
    },
  });
});

test('whichever access fails during a revocation, a success means revoked and a failure can be repeated', async (t) => {
  const { signet, disk } = await start(t);
  const person = personAt(signet);
  await failEachAccess(t, disk, {
    success: 200,
    prepare: () => tokensFor(signet, {}, person),
    act: (tokens) => revoke(signet, String(tokens['refresh_token'])),
    check: async (tokens, status) => {
      if (status === 503) assert.equal((await revoke(signet, String(tokens['refresh_token']))).status, 200);
      assert.equal((await introspect(signet, String(tokens['access_token']))).body['active'], false);
      assert.equal((await refresh(signet, String(tokens['refresh_token']))).body['error'], 'invalid_grant');
    },
  });
});

test('whichever access fails during a sign-in, nobody gets a code that is not stored, and the next try succeeds', async (t) => {
  const { signet, disk } = await start(t);
  await failEachAccess(t, disk, {
    success: 303,
    prepare: async () => {
      // Failures are counted before the password is looked at, so that a broken sign-in counts as one until it is forgotten.
      signet.clock.advance(2 * 86_400_000);
      const person = personAt(signet);
      return { person, page: await person.authorize(OFFLINE) };
    },
    act: async ({ person, page }) => {
      const seen = await person.submit(page, ALICE);
      if (seen.status === 503) assert.equal(seen.location, undefined);
      return seen;
    },
    check: async ({ person }) => {
      const { code = '' } = answerOf(await person.grant(OFFLINE));
      assert.equal((await exchange(signet, code)).status, 200);
    },
  });
});
