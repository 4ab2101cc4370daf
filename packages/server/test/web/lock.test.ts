import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import { findUser, lockUser, setPassword, unlockUser } from '../../src/admin/users.ts';
import { HashingBusy } from '../../src/identity/passwords.ts';
import { signIn } from '../../src/identity/sign-in.ts';
import type { Profile } from '../../src/model/profile.ts';
import { standard } from '../../src/profiles/standard.ts';
import { answerOf, basic, type Person, personAt, request } from '../support/person.ts';
import { restarting } from '../support/restarting.ts';
import { ALICE, BOB, type Signet, startSignet, type TestConfig, WEB_APP } from '../support/signet.ts';

const WRONG = { username: 'alice', password: 'not-the-password' };
const LOCKED = /This account is locked\. Please ask an administrator to unlock it\./;

/** A profile that locks an account after ten failures in a row, with no wait before. */
const locking: Profile = {
  ...standard,
  name: 'locking',
  grant_types: [...standard.grant_types, 'password'],
  attempts: {
    account: { ...standard.attempts.account, free: 100 },
    network: { ...standard.attempts.network, free: 1000 },
    lock_after: 10,
  },
};
const CLIENT = { ...WEB_APP, grant_types: [...WEB_APP.grant_types, 'password'] };
const CONFIG = { profile: 'locking', clients: [CLIENT] };
const OVER = { profiles: { locking } };

const start = (t: TestContext, config: TestConfig = {}): Promise<Signet> =>
  startSignet(t, { ...CONFIG, ...config }, OVER);

async function fail(person: Person, times: number, who = WRONG) {
  const page = await person.authorize(request({ prompt: 'login' }));
  let seen = page;
  for (let failures = 0; failures < times; failures += 1) seen = await person.submit(page, who);
  return { page, seen };
}

test('ten wrong passwords in a row lock an account, and the right one does not open it', async (t) => {
  const signet = await start(t);
  const person = personAt(signet);
  const { page, seen } = await fail(person, 10);
  assert.match(seen.text, /don’t match/, 'the tenth is told like the others');
  const refused = await person.submit(page, ALICE);
  assert.equal(refused.status, 403);
  assert.match(refused.text, LOCKED);
  signet.clock.advance(40 * 86_400_000);
  await signet.app.maintain();
  assert.match((await fail(personAt(signet), 1, ALICE)).seen.text, LOCKED, 'no time unlocks it');
  assert.notEqual((await findUser(signet.provider, 'alice'))?.locked_at, null);
  assert.match(answerOf(await personAt(signet).grant(request(), BOB))['code'] ?? '', /^sgac_/);
});

test('a success resets the count, and waits for nothing', async (t) => {
  const signet = await start(t);
  for (let rounds = 0; rounds < 3; rounds += 1) {
    const person = personAt(signet);
    const { page } = await fail(person, 9);
    assert.match(answerOf(await person.submit(page, ALICE))['code'] ?? '', /^sgac_/);
  }
});

test('of fifty guesses at once exactly ten are checked, and the account is locked once', async (t) => {
  const signet = await start(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  const guesses = Array.from({ length: 50 }, (_, index) =>
    person.submit(page, { username: 'alice', password: `guess number ${index}` }),
  );
  const statuses = (await Promise.all(guesses)).map(({ status }) => String(status)).toSorted();
  assert.deepEqual(statuses, [...Array(40).fill('403'), ...Array(10).fill('422')]);
  const events = await listAudit(signet.provider, { action: 'user.locked', atMost: 9 });
  assert.equal(events.length, 1);
});

test('a browser that the person has used before does not get around a lock', async (t) => {
  const signet = await start(t);
  const alice = personAt(signet);
  await alice.grant(request());
  await fail(personAt(signet), 10);
  assert.match((await fail(alice, 1, ALICE)).seen.text, LOCKED);
  const other = await start(t);
  const known = personAt(other);
  await known.grant(request());
  await fail(known, 5);
  await fail(personAt(other), 5);
  assert.match((await fail(known, 1, ALICE)).seen.text, LOCKED, 'both kinds of browser count together');
});

test('an administrator unlocks an account with all that led to the lock', async (t) => {
  const signet = await start(t);
  const person = personAt(signet);
  await fail(person, 10);
  assert.equal(await unlockUser(signet.provider, 'alice'), 'done');
  const { page } = await fail(person, 9);
  assert.match(answerOf(await person.submit(page, ALICE))['code'] ?? '', /^sgac_/);
  assert.equal(await unlockUser(signet.provider, 'nobody'), 'unknown');
});

test('a lock by hand refuses the right password, and a new password does not end it', async (t) => {
  const signet = await startSignet(t);
  await lockUser(signet.provider, 'alice');
  const { seen } = await fail(personAt(signet), 1, ALICE);
  assert.equal(seen.status, 403);
  const name = 'alice';
  await setPassword(signet.provider, signet.app.passwords, { name, password: 'looking-glass' });
  const again = await fail(personAt(signet), 1, { username: 'alice', password: 'looking-glass' });
  assert.match(again.seen.text, LOCKED);
});

test('a name that is nobody’s is locked in the same words after as many failures', async (t) => {
  const signet = await start(t);
  const plain = (text: string): string => text.replace(/(value|nonce|action)="[^"]*"/g, '');
  const told = async (username: string) => {
    const person = personAt(signet);
    const { seen } = await fail(person, 11, { username, password: 'not-the-password' });
    return { status: seen.status, text: plain(seen.text) };
  };
  assert.deepEqual(await told('nobody'), await told('alice'));
});

test('a right password does not open an account that others lock while it is checked', async (t) => {
  const { provider, app } = await start(t);
  const passwords = {
    ...app.passwords,
    verify: async () => {
      await lockUser(provider, 'alice');
      return true;
    },
  };
  const attempt = { ...ALICE, network: '192.0.2.1', knownBrowser: [] };
  assert.equal((await signIn(provider, passwords, attempt)).kind, 'locked');
});

test('an attempt that is not checked because too many wait does not count', async (t) => {
  const { provider, app } = await start(t);
  const passwords = { ...app.passwords, verify: () => Promise.reject(new HashingBusy('busy')) };
  const attempt = { ...ALICE, network: '192.0.2.1', knownBrowser: [] };
  for (let times = 0; times < 12; times += 1)
    assert.equal((await signIn(provider, passwords, attempt)).kind, 'busy');
  assert.equal((await signIn(provider, app.passwords, attempt)).kind, 'signed-in');
});

test('a lock counts for programs that send passwords, with the failures of browsers', async (t) => {
  const signet = await start(t);
  const token = async (password: string) => {
    const body = new URLSearchParams({ grant_type: 'password', username: 'alice', password });
    const response = await fetch(signet.url('/token'), { method: 'POST', body, headers: basic() });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, error: answer['error'], says: String(answer['error_description']) };
  };
  await fail(personAt(signet), 5);
  for (let failures = 0; failures < 5; failures += 1) assert.match((await token('wrong')).says, /is wrong/);
  const refused = await token(ALICE.password);
  assert.deepEqual([refused.status, refused.error], [400, 'invalid_grant']);
  assert.match(refused.says, /The account is locked/);
  assert.match((await fail(personAt(signet), 1, ALICE)).seen.text, LOCKED);
});

test('failures are counted over several nodes, and survive their end', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const database = `sqlite:${join(folder, 'signet.db')}`;
  const { signet, start: startNode, stop } = await restarting(t, CONFIG);
  await startNode(database, OVER);
  await startNode(database, OVER);
  await fail(personAt(signet), 9);
  await stop();
  await startNode(database, OVER);
  await fail(personAt(signet), 1);
  assert.match((await fail(personAt(signet), 1, ALICE)).seen.text, LOCKED);
});
