import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  answerOf,
  basic,
  exchange,
  type Parameters,
  personAt,
  post,
  refresh,
  request,
  tokensFor,
  userinfo,
} from '../support/person.ts';
import { REDIRECT, type Signet, SPA, startSignet, WEB_APP } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';

const DAY = 86_400_000;
const CLIENTS = [
  WEB_APP,
  SPA,
  { ...WEB_APP, client_id: 'other' },
  { ...WEB_APP, client_id: 'steady', refresh_token_rotation: 'none' },
  { ...WEB_APP, client_id: 'brief', refresh_token_lifetime: 3600 },
  { ...WEB_APP, client_id: 'endless', refresh_token_lifetime: '3650d' },
];
const signet = await startSignet({ after }, { clients: CLIENTS });
const person = personAt(signet);

async function tokensOf(
  client_id: string,
  at: Signet = signet,
  visitor = person,
): Promise<Record<string, unknown>> {
  const { code = '' } = answerOf(
    await visitor.grant(request({ client_id, scope: 'openid email offline_access' })),
  );
  return (
    await post(
      at.url('/token'),
      { grant_type: 'authorization_code', code, redirect_uri: REDIRECT },
      basic(client_id),
    )
  ).body;
}
const renew = (refresh_token: unknown, client_id = 'web-app', over: Parameters = {}, at: Signet = signet) =>
  post(
    at.url('/token'),
    { grant_type: 'refresh_token', refresh_token: String(refresh_token), ...over },
    basic(client_id),
  );

test('a refresh gives new tokens of the same grant (RFC 6749 §6, OIDC Core §12.1, §12.2)', async () => {
  const first = await tokensFor(signet);
  const { status, body } = await refresh(signet, first['refresh_token'] ?? '');
  assert.equal(status, 200);
  assert.notEqual(body['access_token'], first['access_token']);
  const [before, now] = await Promise.all([
    verified(signet, first['id_token']),
    verified(signet, body['id_token']),
  ]);
  for (const name of ['iss', 'sub', 'aud', 'azp', 'auth_time', 'sid', 'acr'])
    assert.deepEqual(now.payload[name], before.payload[name], name);
  assert.equal(now.payload['nonce'], undefined, 'it belonged to the first one');
  assert.equal((await userinfo(signet, String(body['access_token']))).body['sub'], now.payload.sub);
});

test('the scope may be narrowed for one token and be whole again for the next (RFC 6749 §6)', async () => {
  const { refresh_token } = await tokensFor(signet);
  const narrow = await refresh(signet, refresh_token ?? '', { scope: 'email' });
  assert.equal(narrow.body['scope'], 'email');
  assert.equal(narrow.body['id_token'], undefined);
  const whole = await refresh(signet, String(narrow.body['refresh_token']));
  assert.equal(whole.body['scope'], 'openid profile email offline_access');
});

test('the scope may not be widened, though the client is registered for more (RFC 6749 §6, OIDC Core §12.3)', async () => {
  const { refresh_token = '' } = await tokensFor(signet);
  for (const scope of ['openid phone', 'phone', 'openid profile email offline_access address', '"']) {
    assert.equal((await refresh(signet, refresh_token, { scope })).body['error'], 'invalid_scope', scope);
  }
  assert.equal((await refresh(signet, refresh_token)).status, 200, 'it was not spent by that');
});

test('another client cannot use it, and does not spend it (RFC 6749 §6, §10.4)', async () => {
  const { refresh_token } = await tokensFor(signet);
  assert.equal((await renew(refresh_token, 'other')).body['error'], 'invalid_grant');
  const asSpa = { grant_type: 'refresh_token', refresh_token: refresh_token ?? '', client_id: 'spa' };
  assert.equal((await post(signet.url('/token'), asSpa)).body['error'], 'invalid_grant');
  assert.equal((await refresh(signet, refresh_token ?? '')).status, 200);
});

test('a refresh token that is changed by a character, made up or of another kind is refused (RFC 6749 §10.4, §10.10)', async () => {
  const { refresh_token = '', access_token = '' } = await tokensFor(signet);
  const changed = [...refresh_token].map(
    (letter, at) => refresh_token.slice(0, at) + (letter === 'A' ? 'B' : 'A') + refresh_token.slice(at + 1),
  );
  for (const wrong of [
    ...changed,
    `${refresh_token}=`,
    refresh_token.slice(0, -1),
    'sgrt_',
    access_token,
    'x',
  ]) {
    assert.equal((await refresh(signet, wrong)).body['error'], 'invalid_grant', wrong);
  }
  assert.equal((await refresh(signet, '')).body['error'], 'invalid_request');
  assert.equal((await refresh(signet, refresh_token)).status, 200);
});

test('of fifty refreshes at once all get the same successor, and it works (rulings 2)', async () => {
  const { refresh_token = '' } = await tokensFor(signet);
  const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(signet, refresh_token)));
  assert.ok(answers.every(({ status }) => status === 200));
  const [successor, ...others] = new Set(answers.map(({ body }) => body['refresh_token']));
  assert.deepEqual(others, []);
  assert.equal((await refresh(signet, String(successor))).status, 200);
});

test('once the successor has been used the old token is a replay, and all of the line ends (RFC 9700 §4.14.2)', async () => {
  const { refresh_token: first = '' } = await tokensFor(signet);
  const second = (await refresh(signet, first)).body;
  const third = (await refresh(signet, String(second['refresh_token']))).body;
  assert.equal((await refresh(signet, first)).body['error'], 'invalid_grant');
  assert.equal((await refresh(signet, String(third['refresh_token']))).body['error'], 'invalid_grant');
  assert.equal((await userinfo(signet, String(third['access_token']))).status, 401);
});

test('after the grace even the last token before the living one is a replay (RFC 9700 §4.14.2)', async () => {
  const { refresh_token: first = '' } = await tokensFor(signet);
  const second = (await refresh(signet, first)).body;
  signet.clock.advance(29_000);
  assert.equal((await refresh(signet, first)).body['refresh_token'], second['refresh_token']);
  signet.clock.advance(2000);
  assert.equal((await refresh(signet, first)).body['error'], 'invalid_grant');
  assert.equal((await refresh(signet, String(second['refresh_token']))).body['error'], 'invalid_grant');
});

test('a refresh token that is not used for its lifetime ends (RFC 9700 §4.14.2, RFC 6749 §10.4)', async () => {
  const { refresh_token } = await tokensOf('brief');
  signet.clock.advance(3_599_000);
  const renewed = (await renew(refresh_token, 'brief')).body;
  signet.clock.advance(3_599_000);
  const again = await renew(renewed['refresh_token'], 'brief');
  assert.equal(again.status, 200, 'each use begins it anew');
  signet.clock.advance(3_601_000);
  assert.equal((await renew(again.body['refresh_token'], 'brief')).body['error'], 'invalid_grant');
});

test('the line ends at its absolute limit, however often it is used and whatever the client is given (ASVS 10.4.8)', async (t) => {
  const own = await startSignet(t, {
    clients: CLIENTS,
    lifetimes: { refresh_token: '30d', refresh_token_absolute: '60d' },
  });
  let { refresh_token: used } = await tokensOf('web-app', own, personAt(own));
  const { refresh_token: unused } = await tokensOf('endless', own, personAt(own));
  for (let day = 0; day < 59; day += 20) {
    used = (await renew(used, 'web-app', {}, own)).body['refresh_token'];
    assert.ok(used, `day ${day}`);
    own.clock.advance(20 * DAY);
  }
  assert.equal((await renew(used, 'web-app', {}, own)).body['error'], 'invalid_grant');
  assert.equal((await renew(unused, 'endless', {}, own)).body['error'], 'invalid_grant');
});

test('a client registered for no rotation keeps its token, also when it uses it many times at once', async () => {
  const { refresh_token } = await tokensOf('steady');
  const answers = await Promise.all(Array.from({ length: 10 }, () => renew(refresh_token, 'steady')));
  assert.ok(answers.every(({ body }) => body['refresh_token'] === refresh_token));
  signet.clock.advance(3_600_000);
  assert.equal((await renew(refresh_token, 'steady')).status, 200);
});

test('an access token of the last moment lives its time, though the refresh token has run out', async (t) => {
  const lifetimes = { refresh_token_lifetime: '3h', access_token_lifetime: '150m' };
  const own = await startSignet(t, {
    clients: [{ ...WEB_APP, ...lifetimes, refresh_token_rotation: 'none' }],
  });
  const { refresh_token = '' } = await tokensFor(own);
  own.clock.advance(3 * 3_600_000 - 1000);
  const { body } = await refresh(own, refresh_token);
  own.clock.advance(100 * 60_000);
  await own.app.maintain();
  assert.equal((await userinfo(own, String(body['access_token']))).status, 200);
});

test('a token that is not rotated ends with its grant all the same (RFC 7009 §2.1)', async () => {
  const { refresh_token, access_token } = await tokensOf('steady');
  await post(signet.url('/revoke'), { token: String(access_token) }, basic('steady'));
  assert.equal((await renew(refresh_token, 'steady')).body['error'], 'invalid_grant');
});

test('refresh tokens outlive the sign-out, having been given for offline use (OIDC Core §11)', async () => {
  const visitor = personAt(signet);
  const { refresh_token = '', id_token = '' } = await tokensFor(signet, {}, visitor);
  await visitor.visit(
    `${signet.url('/logout')}?${new URLSearchParams({ id_token_hint: id_token }).toString()}`,
  );
  assert.equal((await refresh(signet, refresh_token)).status, 200);
});

test('a code that was not exchanged before the sign-out is dead (RFC 6749 §4.1.2)', async () => {
  const visitor = personAt(signet);
  const { id_token = '', code = '' } = answerOf(
    await visitor.grant(request({ response_type: 'code id_token', scope: 'openid offline_access' })),
  );
  await visitor.visit(
    `${signet.url('/logout')}?${new URLSearchParams({ id_token_hint: id_token }).toString()}`,
  );
  assert.equal((await exchange(signet, code)).body['error'], 'invalid_grant');
});
