import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, personAt, post, request } from '../support/person.ts';
import { ALICE, REDIRECT, type Signet, WEB_APP } from '../support/signet.ts';
import { consoleTokens, SERVICES, startWithApi } from './support.ts';

const call = (signet: Signet, token: string, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(signet.url(`/api/v1/account${path}`), {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });

const patch = (claims: object): RequestInit => ({ method: 'PATCH', body: JSON.stringify({ claims }) });

test('nobody changes about themselves what an application takes for proven', async (t) => {
  const signet = await startWithApi(t);
  const { access_token = '' } = await consoleTokens(signet, ALICE);
  for (const claims of [
    { email: 'boss@example.com' },
    { email_verified: true },
    { groups: ['admins'] },
    { sub: 'x' },
  ]) {
    const answer = await call(signet, access_token, '', patch(claims));
    assert.equal(answer.status, 422, JSON.stringify(claims));
  }
  const role = await call(signet, access_token, '', {
    method: 'PATCH',
    body: JSON.stringify({ role: 'admin' }),
  });
  assert.equal(role.status, 422);
  const { claims } = (await (await call(signet, access_token, '')).json()) as {
    claims: Record<string, unknown>;
  };
  assert.equal(claims['email'], 'alice@example.com');
});

test('an application that holds a token of a person has no way to the person’s account', async (t) => {
  const [robot] = SERVICES;
  const clients = [{ ...WEB_APP, scope: `${WEB_APP.scope} signet:users:read` }, robot];
  const signet = await startWithApi(t, { clients });
  const resource = signet.url('/api/v1');
  const scope = 'openid signet:users:read';
  const seen = await personAt(signet).grant(request({ scope, resource }));
  const form = {
    grant_type: 'authorization_code',
    code: answerOf(seen)['code'] ?? '',
    redirect_uri: REDIRECT,
    resource,
  };
  const { access_token } = (await post(signet.url('/token'), form, basic())).body;
  assert.match(String(access_token), /^ey/);
  for (const path of ['', '/sessions', '/consents'])
    assert.equal((await call(signet, String(access_token), path)).status, 403, path);
  const service = await post(
    signet.url('/token'),
    { grant_type: 'client_credentials', resource },
    basic('robot', 'a-secret-of-the-robot'),
  );
  assert.equal((await call(signet, String(service.body['access_token']), '')).status, 403);
});

test('guesses at the present password count and wait like those at the sign-in page', async (t) => {
  const signet = await startWithApi(t);
  const { access_token = '' } = await consoleTokens(signet, ALICE);
  const details: string[] = [];
  for (let tries = 0; tries < 12; tries += 1) {
    const body = JSON.stringify({ current_password: `guess ${tries}`, password: 'a new password of length' });
    const answer = await call(signet, access_token, '/password', { method: 'POST', body });
    assert.equal(answer.status, 422);
    details.push(((await answer.json()) as { detail: string }).detail);
  }
  assert.match(details[0] ?? '', /is not your password/);
  assert.match(details.at(-1) ?? '', /wait a while/);
});

test('nobody ends the session of somebody else as their own', async (t) => {
  const signet = await startWithApi(t);
  const mine = await consoleTokens(signet, ALICE);
  const theirs = await consoleTokens(signet);
  const sessions = await call(signet, theirs['access_token'] ?? '', '/sessions');
  const { items } = (await sessions.json()) as { items: { id: string }[] };
  const path = `/sessions/${items[0]?.id ?? ''}`;
  assert.equal((await call(signet, mine['access_token'] ?? '', path, { method: 'DELETE' })).status, 404);
  assert.equal((await call(signet, theirs['access_token'] ?? '', path, { method: 'DELETE' })).status, 204);
});
