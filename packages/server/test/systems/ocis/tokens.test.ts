import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { deleteClient } from '../../../src/admin/clients.ts';
import { setDisabled } from '../../../src/admin/users.ts';
import { answerOf, personAt, userinfo } from '../../support/person.ts';
import { ALICE, BOB, type Signet } from '../../support/signet.ts';
import { leftHalf, seconds, verified } from '../../support/tokens.ts';
import { ANDROID, ask, askWeb, DESKTOP, redeem, renew, startOcis } from './ocis.ts';

const ocis = await startOcis({ after });

/** Tokens of the desktop program for alice. */
async function tokens(signet: Signet, account = ALICE): Promise<Record<string, string>> {
  const { code } = answerOf(await personAt(signet).grant(ask(), account));
  return (await redeem(signet, code)).body as Record<string, string>;
}

test('the access token is a PS256 JWT with the claims the file server reads (row 74)', async () => {
  const { access_token } = await tokens(ocis);
  const { payload, protectedHeader } = await verified(ocis, access_token);
  assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ['PS256', 'private-key']);
  assert.equal(payload.aud, DESKTOP.client_id);
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
  assert.match(payload.jti ?? '', /\S{20}/);
  assert.equal(payload['lg.t'], '1');
  assert.deepEqual(payload['lg.i'], { id: payload.sub, un: 'alice', dn: 'Alice Example' });
  assert.equal(payload['lg.p'], 'identifier-ldap');
  const scp = payload['scp'];
  assert.ok(typeof scp === 'string');
  assert.deepEqual(scp.split(' ').sort(), ['email', 'offline_access', 'openid', 'profile']);
});

test('a person is the same subject for every program, and two people are two (row 74)', async () => {
  const subjectFor = async (program: typeof DESKTOP, account = ALICE) => {
    const answer = answerOf(await personAt(ocis).grant(ask({ response_type: 'id_token' }, program), account));
    return (await verified(ocis, answer['id_token'])).payload.sub;
  };
  assert.equal(await subjectFor(DESKTOP), await subjectFor(ANDROID));
  assert.notEqual(await subjectFor(DESKTOP), await subjectFor(DESKTOP, BOB));
});

test('the ID token is for the program, names the session, and is bound to the access token (row 75)', async () => {
  const { access_token, id_token } = await tokens(ocis);
  const { payload, protectedHeader } = await verified(ocis, id_token, { audience: DESKTOP.client_id });
  assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ['PS256', 'private-key']);
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
  assert.equal(payload['nonce'], 'nonce-of-the-client');
  assert.equal(payload['at_hash'], leftHalf(access_token));
  assert.match(String(payload['sid']), /\S{16}/);
  for (const claim of ['name', 'email', 'preferred_username']) assert.equal(claim in payload, false, claim);
});

test('without an access token the ID token itself has name and email (row 75)', async () => {
  const scope = 'openid profile email';
  const answer = answerOf(await personAt(ocis).grant(ask({ response_type: 'id_token', scope })));
  const { payload } = await verified(ocis, answer['id_token']);
  assert.partialDeepStrictEqual(payload, { name: 'Alice Example', email: 'alice@example.com' });
  assert.equal('at_hash' in payload, false);
});

test('a refresh token lives thirty days and opens nothing by itself (rows 76, 77)', async (t) => {
  const signet = await startOcis(t);
  const { refresh_token = '' } = await tokens(signet);
  assert.equal((await userinfo(signet, refresh_token)).status, 401);
  signet.clock.advance(30 * 86_400_000 - 60_000);
  assert.equal((await renew(signet, refresh_token)).status, 200);
  signet.clock.advance(120_000);
  const { status, body } = await renew(signet, refresh_token);
  assert.deepEqual([status, body['error']], [400, 'invalid_grant']);
});

test('a refresh token of a disabled person or of another program is invalid_grant (row 76)', async (t) => {
  const signet = await startOcis(t);
  const { refresh_token } = await tokens(signet, BOB);
  const other = await renew(signet, refresh_token, {}, ANDROID);
  assert.deepEqual([other.status, other.body['error']], [400, 'invalid_grant']);
  assert.equal((await renew(signet, refresh_token)).status, 200);
  await setDisabled(signet.provider, 'bob', true);
  const { status, body } = await renew(signet, refresh_token);
  assert.deepEqual([status, body['error']], [400, 'invalid_grant']);
});

test('a refresh token of a program that was removed is no way in (row 76)', async (t) => {
  const signet = await startOcis(t);
  const { refresh_token } = await tokens(signet);
  await deleteClient(signet.provider, DESKTOP.client_id);
  assert.deepEqual((await renew(signet, refresh_token)).body['error'], 'invalid_client');
});

test('tokens live five minutes and a code two (row 77)', async (t) => {
  const signet = await startOcis(t);
  const { access_token = '' } = await tokens(signet);
  const codes = [];
  const person = personAt(signet);
  for (let count = 0; count < 2; count += 1) codes.push(answerOf(await person.grant(ask()))['code']);
  signet.clock.advance(119_000);
  assert.equal((await redeem(signet, codes[0])).status, 200);
  signet.clock.advance(2000);
  assert.equal((await redeem(signet, codes[1])).body['error'], 'invalid_grant');
  assert.equal((await userinfo(signet, access_token)).status, 200);
  signet.clock.advance(180_000);
  assert.equal((await userinfo(signet, access_token)).status, 401);
});

test('the lifetimes can be set (row 77)', async (t) => {
  const lifetimes = { access_token: '10m', id_token: '1h', refresh_token: '1d', authorization_code: '30s' };
  const signet = await startOcis(t, { lifetimes });
  const { code } = answerOf(await personAt(signet).grant(ask()));
  const { body } = await redeem(signet, code);
  assert.equal(body['expires_in'], 600);
  const { payload } = await verified(signet, body['id_token']);
  assert.equal((payload.exp ?? 0) - seconds(signet) > 3500, true);
  signet.clock.advance(86_401_000);
  assert.equal((await renew(signet, body['refresh_token'])).body['error'], 'invalid_grant');
});

/** The value that the check-session page compares (OIDC Session Management §3.2). */
const sessionState = (origin: string, browserState: string, salt: string): string =>
  `${createHash('sha256').update(`web ${origin} ${browserState} ${salt}`).digest('hex')}.${salt}`;

test('session_state is made of client, origin, browser state and salt, and is another after another sign-in (row 57)', async () => {
  const person = personAt(ocis);
  const told = async (account: typeof ALICE) => {
    const answer = answerOf(await person.grant(askWeb(ocis, { prompt: 'login' }), account));
    return { state: answer['session_state'] ?? '', cookie: person.cookies.get('signet_state') ?? '' };
  };
  const first = await told(ALICE);
  const [, salt = ''] = first.state.split('.');
  assert.equal(first.state, sessionState(ocis.issuer, first.cookie, salt));
  await person.submit(await person.visit(`${ocis.issuer}/signin/v1/goodbye`), { decision: 'allow' });
  const second = await told(BOB);
  assert.notEqual(second.cookie, first.cookie);
  assert.notEqual(second.state, sessionState(ocis.issuer, first.cookie, second.state.split('.')[1] ?? ''));
});

test('what the resource server relies on: exact issuer, keys, preferred_username, roles and groups, sid (row 82)', async (t) => {
  const claims = { name: 'Albert', email: 'a@example.org', roles: ['ocisAdmin'], groups: ['physics'] };
  const signet = await startOcis(t, { users: [{ ...ALICE, claims }] });
  const { access_token = '', id_token } = await tokens(signet);
  const { payload } = await verified(signet, access_token);
  const metadata = (await (
    await fetch(`${signet.issuer}/.well-known/openid-configuration`)
  ).json()) as Record<string, string>;
  assert.equal(payload.iss, metadata['issuer']);
  assert.equal(metadata['issuer'], signet.issuer);
  // By it the file server knows whom a back-channel logout is about.
  assert.equal(payload['sid'], (await verified(signet, id_token)).payload['sid']);
  const { body } = await userinfo(signet, access_token);
  assert.partialDeepStrictEqual(body, {
    sub: payload.sub,
    preferred_username: 'alice',
    email: 'a@example.org',
    roles: ['ocisAdmin'],
    groups: ['physics'],
  });
});
