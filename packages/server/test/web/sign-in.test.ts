import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, hiddenFields, personAt, request } from '../support/person.ts';
import { ALICE, BOB, startSignet, WEB_APP } from '../support/signet.ts';

const WRONG = { username: 'alice', password: 'not-the-password' };

test('a wrong password and an unknown user are told in the same words', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  const plain = (text: string): string => text.replace(/(value|nonce|action)="[^"]*"/g, '');
  const wrong = await person.submit(page, WRONG);
  const unknown = await person.submit(page, { username: 'nobody', password: 'not-the-password' });
  assert.equal(wrong.status, 422);
  assert.equal(unknown.status, 422);
  assert.equal(plain(wrong.text), plain(unknown.text));
});

test('what was typed as username is kept after a failure, the password is not', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const seen = await person.submit(await person.authorize(request()), WRONG);
  assert.match(seen.text, /value="alice"/);
  assert.doesNotMatch(seen.text, /not-the-password/);
});

test('after some failures the wait grows, and even the right password waits', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  for (let failures = 0; failures < 5; failures += 1) await person.submit(page, WRONG);
  const waiting = await person.submit(page, ALICE);
  assert.equal(waiting.status, 429);
  assert.ok(Number(waiting.headers.get('retry-after')) >= 1);
  signet.clock.advance(2000);
  assert.match(answerOf(await person.submit(page, ALICE))['code'] ?? '', /^sgac_/);
});

test('fifty guesses at once cannot outrun the count', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  const answers = await Promise.all(Array.from({ length: 50 }, () => person.submit(page, WRONG)));
  assert.equal(answers.filter(({ status }) => status === 422).length, 5);
  assert.equal(answers.filter(({ status }) => status === 429).length, 45);
});

test('the failures of strangers do not keep a person from a browser that is known', async (t) => {
  const signet = await startSignet(t);
  const alice = personAt(signet);
  await alice.grant(request());
  const stranger = personAt(signet);
  const page = await stranger.authorize(request());
  for (let failures = 0; failures < 6; failures += 1) await stranger.submit(page, WRONG);
  assert.equal((await stranger.submit(page, ALICE)).status, 429);
  const again = await alice.submit(await alice.authorize(request({ prompt: 'login' })), ALICE);
  assert.match(answerOf(again)['code'] ?? '', /^sgac_/);
});

test('every sign-in gives the browser a new session handle, and the old one is dead (session fixation)', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  await person.grant(request());
  const before = person.cookies.get('signet_session') ?? '';
  await person.grant(request({ prompt: 'login' }));
  const after = person.cookies.get('signet_session') ?? '';
  assert.notEqual(after, before);
  const thief = personAt(signet);
  thief.cookies.set('signet_session', before);
  assert.equal(answerOf(await thief.authorize(request({ prompt: 'none' })))['error'], 'login_required');
});

test('a session that nobody made is nobody', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  person.cookies.set('signet_session', 'sgbs_AAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  assert.equal(answerOf(await person.authorize(request({ prompt: 'none' })))['error'], 'login_required');
});

test('a login form that another browser opened is refused (login CSRF)', async (t) => {
  const signet = await startSignet(t);
  const attacker = personAt(signet);
  const page = await attacker.authorize(request());
  const victim = personAt(signet);
  await victim.visit(signet.url('/'));
  const seen = await victim.submit(page, ALICE);
  assert.equal(seen.status, 403);
  assert.equal(victim.cookies.has('signet_session'), false);
});

test('a form posted from another site is refused even with the right fields', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  const body = new URLSearchParams({ ...hiddenFields(page), ...ALICE });
  const seen = await person.visit(signet.url('/login'), {
    method: 'POST',
    body,
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  assert.equal(seen.status, 403);
});

test('a consent page opened in another browser is refused', async (t) => {
  const signet = await startSignet(t, { clients: [{ ...WEB_APP, consent: 'always' }] });
  const alice = personAt(signet);
  const page = await alice.submit(await alice.authorize(request()), ALICE);
  assert.match(page.text, /name="decision" value="allow"/);
  const bob = personAt(signet);
  await bob.visit(signet.url('/'));
  const stolen = await bob.visit(page.url);
  assert.equal(stolen.status, 403);
});

test('consent given on a page that was shown to somebody else is asked again', async (t) => {
  const signet = await startSignet(t, { clients: [{ ...WEB_APP, consent: 'always' }] });
  const person = personAt(signet);
  const page = await person.submit(await person.authorize(request()), ALICE);
  // In another tab, somebody else signs in.
  const otherTab = await person.authorize(request({ prompt: 'login' }));
  await person.submit(otherTab, BOB);
  const seen = await person.submit(page, { decision: 'allow' });
  assert.equal(seen.location, undefined);
  assert.match(seen.text, /bob/i);
});

test('a page left open for too long still leads on', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  signet.clock.advance(3 * 3600_000);
  assert.match(answerOf(await person.submit(page, ALICE))['code'] ?? '', /^sgac_/);
});

test('a disabled user is told the same as a wrong password', async (t) => {
  const signet = await startSignet(t, { users: [{ ...ALICE, disabled: true }] });
  const person = personAt(signet);
  assert.equal((await person.submit(await person.authorize(request()), ALICE)).status, 422);
});

test('cancelling the sign-in tells the client (RFC 6749 §4.1.2.1)', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  assert.equal(answerOf(await person.submit(page, { decision: 'deny' }))['error'], 'access_denied');
});

test('a session ends when it is idle for too long, and absolutely (ASVS 7.3.1)', async (t) => {
  const signet = await startSignet(t, { lifetimes: { session: '14d', session_idle: '3d' } });
  const person = personAt(signet);
  await person.grant(request());
  for (let days = 0; days < 12; days += 2) {
    signet.clock.advance(2 * 86_400_000);
    assert.ok(answerOf(await person.authorize(request({ prompt: 'none' })))['code']);
  }
  signet.clock.advance(2.1 * 86_400_000);
  assert.equal(answerOf(await person.authorize(request({ prompt: 'none' })))['error'], 'login_required');
  const idle = personAt(signet);
  await idle.grant(request());
  signet.clock.advance(3.1 * 86_400_000);
  assert.equal(answerOf(await idle.authorize(request({ prompt: 'none' })))['error'], 'login_required');
});

test('usernames that look alike are one account', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const seen = await person.submit(await person.authorize(request()), { ...ALICE, username: '  ＡLICE ' });
  assert.match(answerOf(seen)['code'] ?? '', /^sgac_/);
});

test('from the consent page a person can switch to another account and comes back to it', async (t) => {
  const signet = await startSignet(t, { clients: [{ ...WEB_APP, consent: 'always' }] });
  const person = personAt(signet);
  const page = await person.submit(await person.authorize(request()), ALICE);
  const href = /href="([^"]*\/select-account[^"]*)"/.exec(page.text)?.[1] ?? '';
  const chooser = await person.visit(href.replaceAll('&amp;', '&'));
  assert.match(chooser.text, /name="account" value="other"/);
  const consent = await person.submit(await person.submit(chooser, { account: 'other' }), BOB);
  assert.match(consent.text, /Bob Builder/);
  assert.ok(answerOf(await person.submit(consent, { decision: 'allow' }))['code']);
});
