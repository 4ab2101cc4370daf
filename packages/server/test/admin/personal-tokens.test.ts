import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import {
  createPersonalToken,
  deletePersonalToken,
  deletePersonalTokensOf,
  findPersonalToken,
  listPersonalTokens,
  type PersonalTokenWish,
} from '../../src/admin/personal-tokens.ts';
import { findUser, lockUser, setDisabled, setPassword, unlockUser } from '../../src/admin/users.ts';
import { startSignet } from '../support/signet.ts';

const HOUR = 3_600_000;

/** A provider with its people, and tokens made for them. */
async function start(t: TestContext) {
  const signet = await startSignet(t);
  const { provider, clock } = signet;
  const user = async (name: string) => (await findUser(provider, name)) ?? assert.fail(`no ${name}`);
  const [alice, bob] = [await user('alice'), await user('bob')];
  const wish = (over: Partial<PersonalTokenWish>): PersonalTokenWish => ({
    user: alice,
    kind: 'cells',
    label: 'sync of my laptop',
    scopes: ['node:1:rw'],
    createdBy: alice.sub,
    ...over,
  });
  const make = async (over: Partial<PersonalTokenWish> = { expiresAt: clock.now() + HOUR }) => {
    const made = await createPersonalToken(provider, wish(over));
    return made.kind === 'created' ? made : assert.fail(made.fault);
  };
  return { ...signet, alice, bob, wish, make };
}

test('a token is told once, and found with its person, kind and scopes', async (t) => {
  const { provider, make, alice } = await start(t);
  const { text, token } = await make();
  assert.match(text, /^sgpt_[A-Za-z0-9_-]{51}$/);
  const found = await findPersonalToken(provider, text);
  assert.equal(found?.user.sub, alice.sub);
  assert.deepEqual([found?.kind, found?.scopes, found?.uuid], ['cells', ['node:1:rw'], token.uuid]);
  const told = JSON.stringify([
    found,
    token,
    await listPersonalTokens(provider, { atMost: 9 }),
    await listAudit(provider, { atMost: 99 }),
  ]);
  assert.ok(!told.includes(text.slice(13)), 'neither the list nor the log tells it again');
  assert.doesNotMatch(told, /secret_hash/);
});

test('a token needs one end, which lies ahead', async (t) => {
  const { provider, wish, clock } = await start(t);
  const fault = async (over: Partial<PersonalTokenWish>) => {
    const made = await createPersonalToken(provider, wish(over));
    return made.kind === 'fault' ? made.fault : made.kind;
  };
  assert.equal(await fault({}), 'no-end');
  assert.equal(await fault({ expiresAt: clock.now() + HOUR, window: HOUR }), 'two-ends');
  assert.equal(await fault({ expiresAt: clock.now() - 1 }), 'end-passed');
  for (const end of [0, -HOUR, Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
    assert.equal(await fault({ window: end }), 'end-passed');
    assert.equal(await fault({ expiresAt: end }), 'end-passed');
  }
  assert.deepEqual(await listPersonalTokens(provider, { atMost: 9 }), []);
});

test('a token with an end of its own is over then, however much it is used', async (t) => {
  const { provider, make, clock } = await start(t);
  const { text } = await make();
  clock.advance(HOUR - 5000);
  assert.ok(await findPersonalToken(provider, text));
  clock.advance(5000);
  assert.equal(await findPersonalToken(provider, text), undefined);
});

test('each use moves the end of a token with a window, be it hours or seconds', async (t) => {
  const { provider, make, clock } = await start(t);
  for (const window of [HOUR, 30_000]) {
    const { text } = await make({ window });
    for (let uses = 0; uses < 5; uses += 1) {
      clock.advance(0.9 * window);
      const found = await findPersonalToken(provider, text);
      assert.ok((found?.expires_at ?? 0) >= clock.now() + 0.99 * window);
    }
    clock.advance(1.01 * window);
    assert.equal(await findPersonalToken(provider, text), undefined);
    assert.equal(await findPersonalToken(provider, text), undefined, 'a token that is over stays over');
  }
});

test('whatever is not a token to the last character is none', async (t) => {
  const { provider, make } = await start(t);
  const { text } = await make();
  const last = text.at(-1) === 'A' ? 'B' : 'A';
  const strange = ['', 'sgpt_', `${text}A`, text.slice(0, -1), text.slice(0, -1) + last, `x${text}`];
  for (const one of [...strange, text.replace('sgpt_', 'sgbs_'), `${text}\0`, 'sgpt_'.padEnd(99_999, 'A')])
    assert.equal(await findPersonalToken(provider, one), undefined);
  const other = await make();
  const mixed = text.slice(0, 13) + other.text.slice(13);
  assert.equal(await findPersonalToken(provider, mixed), undefined, 'the secret of another token');
});

test('a disabled or locked person’s tokens are refused as long as that lasts; a new password leaves them', async (t) => {
  const { provider, app, make } = await start(t);
  const { text } = await make();
  const isGood = async () => (await findPersonalToken(provider, text)) !== undefined;
  await setDisabled(provider, 'alice', true);
  assert.equal(await isGood(), false);
  await setDisabled(provider, 'alice', false);
  await lockUser(provider, 'alice');
  assert.equal(await isGood(), false);
  await unlockUser(provider, 'alice');
  await setPassword(provider, app.passwords, { name: 'alice', password: 'looking-glass' });
  assert.equal(await isGood(), true);
});

test('tokens are listed of one person or of all, and deleted by public name or all at once', async (t) => {
  const { provider, make, alice, bob } = await start(t);
  const [first, second] = [await make(), await make()];
  const bobs = await make({ user: bob, expiresAt: 8e15 });
  const uuids = async (of?: typeof alice) =>
    (await listPersonalTokens(provider, { of, atMost: 9 })).map(({ uuid }) => uuid);
  assert.deepEqual(await uuids(), [first.token.uuid, second.token.uuid, bobs.token.uuid]);
  assert.deepEqual(await uuids(bob), [bobs.token.uuid]);
  assert.equal(await deletePersonalToken(provider, bobs.token.uuid, alice), 'unknown');
  assert.ok(await findPersonalToken(provider, bobs.text));
  assert.equal(await deletePersonalToken(provider, first.token.uuid, alice), 'deleted');
  assert.equal(await deletePersonalToken(provider, first.token.uuid), 'unknown');
  assert.equal(await findPersonalToken(provider, first.text), undefined);
  assert.equal(await deletePersonalTokensOf(provider, alice), 1);
  assert.deepEqual(await uuids(), [bobs.token.uuid]);
});

test('of two tenants neither takes the other’s tokens', async (t) => {
  const [one, two] = [await start(t), await start(t)];
  const { text } = await one.make();
  await two.make();
  assert.equal(await findPersonalToken(two.provider, text), undefined);
});
