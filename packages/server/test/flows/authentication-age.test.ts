import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, exchange, type Person, personAt, refresh, request } from '../support/person.ts';
import { ALICE, startSignet, WEB_APP } from '../support/signet.ts';
import { seconds, verified } from '../support/tokens.ts';

const signet = await startSignet(
  { after },
  { clients: [WEB_APP, { ...WEB_APP, client_id: 'aging', default_max_age: 60 }] },
);

const authTime = async (id_token: unknown) => Number((await verified(signet, id_token)).payload['auth_time']);
const idToken = async (person: Person, over: Record<string, string> = {}) =>
  authTime(answerOf(await person.grant(request({ response_type: 'id_token', ...over })))['id_token']);

test('auth_time is when the person proved who they are, not when they were asked (OIDC Core §2, §3.1.2.1)', async () => {
  const person = personAt(signet);
  const first = await idToken(person);
  assert.ok(Math.abs(first - seconds(signet)) <= 1);
  signet.clock.advance(5000);
  assert.equal(await idToken(person), first);
});

test('a sign-in older than max_age is repeated, a younger one is not (OIDC Core §3.1.2.1)', async () => {
  const person = personAt(signet);
  await person.grant(request());
  signet.clock.advance(100_000);
  assert.ok(answerOf(await person.authorize(request({ max_age: '101' })))['code']);
  const page = await person.authorize(request({ max_age: '99' }));
  assert.match(page.text, /name="password"/);
  const { code = '' } = answerOf(await person.submit(page, ALICE));
  const { body } = await exchange(signet, code);
  assert.ok(Math.abs((await authTime(body['id_token'])) - seconds(signet)) <= 1);
});

test('max_age=0 is prompt=login by another name (OIDC Core §3.1.2.1)', async () => {
  const person = personAt(signet);
  await person.grant(request());
  const page = await person.authorize(request({ max_age: '0' }));
  assert.match(page.text, /name="password"/);
  assert.ok(answerOf(await person.submit(page, ALICE))['code']);
  assert.equal(
    answerOf(await person.authorize(request({ max_age: '0', prompt: 'none' })))['error'],
    'login_required',
  );
});

test('prompt=none with a sign-in that is too old is login_required (OIDC Core §3.1.2.6)', async () => {
  const person = personAt(signet);
  await person.grant(request());
  signet.clock.advance(10_000);
  const answer = answerOf(await person.authorize(request({ prompt: 'none', max_age: '5' })));
  assert.equal(answer['error'], 'login_required');
});

test('default_max_age of the client holds where the request names none (OIDC Core §3.1.2.3)', async () => {
  const person = personAt(signet);
  await person.grant(request());
  signet.clock.advance(61_000);
  const stale = await person.authorize(request({ client_id: 'aging', prompt: 'none' }));
  assert.equal(answerOf(stale)['error'], 'login_required');
  const named = await person.authorize(request({ client_id: 'aging', prompt: 'none', max_age: '3600' }));
  assert.ok(answerOf(named)['code']);
});

test('max_age is a whole number of seconds (OIDC Core §3.1.2.2)', async () => {
  const person = personAt(signet);
  for (const max_age of ['-1', '1.5', 'soon', '1e3', '0x10', ' 1', '9999999999']) {
    assert.equal(answerOf(await person.authorize(request({ max_age })))['error'], 'invalid_request', max_age);
  }
});

test('auth_time stays that of the sign-in through refreshes (OIDC Core §12.2)', async () => {
  const person = personAt(signet);
  const { code = '' } = answerOf(await person.grant(request({ scope: 'openid offline_access' })));
  const { body } = await exchange(signet, code);
  const first = await authTime(body['id_token']);
  signet.clock.advance(60_000);
  const renewed = await refresh(signet, String(body['refresh_token']));
  assert.equal(await authTime(renewed.body['id_token']), first);
});

test('a session ends after its idle time and at its absolute end, whatever is done with it', async () => {
  const person = personAt(signet);
  await person.grant(request());
  for (let day = 0; day < 13; day += 1) {
    signet.clock.advance(86_400_000);
    assert.ok(answerOf(await person.authorize(request({ prompt: 'none' })))['code'], `day ${day}`);
  }
  signet.clock.advance(86_400_000);
  assert.equal(answerOf(await person.authorize(request({ prompt: 'none' })))['error'], 'login_required');
  const idle = personAt(signet);
  await idle.grant(request());
  signet.clock.advance(3 * 86_400_000);
  assert.equal(answerOf(await idle.authorize(request({ prompt: 'none' })))['error'], 'login_required');
});
