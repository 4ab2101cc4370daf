import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, personAt, request, userinfo } from '../support/person.ts';
import { startSignet, WEB_APP } from '../support/signet.ts';
import { leftHalf, verified } from '../support/tokens.ts';

const signet = await startSignet(
  { after },
  {
    clients: [
      WEB_APP,
      { ...WEB_APP, client_id: 'code-only', response_types: ['code'], grant_types: ['authorization_code'] },
    ],
  },
);
const person = personAt(signet);
const ask = async (over: Record<string, string>) => person.grant(request(over));

test('id_token gives an ID token in the fragment and nothing to call an API with (OIDC Core §3.2.2.5, OAuth Multiple Response Types §3)', async () => {
  const seen = await ask({ response_type: 'id_token' });
  const answer = answerOf(seen);
  assert.equal(new URL(seen.location ?? '').search, '');
  assert.deepEqual(Object.keys(answer).sort(), ['id_token', 'iss', 'session_state', 'state']);
  const { payload, protectedHeader } = await verified(signet, answer['id_token'], { audience: 'web-app' });
  assert.equal(payload['nonce'], 'nonce-of-the-client');
  assert.equal(payload['at_hash'], undefined);
  assert.equal(payload['s_hash'], leftHalf('state-of-the-client'));
  assert.equal(protectedHeader.alg, 'ES256');
});

test('an ID token without an access token beside it carries the claims of the scopes (OIDC Core §5.4)', async () => {
  const { id_token } = answerOf(await ask({ response_type: 'id_token', scope: 'openid email' }));
  const { payload } = await verified(signet, id_token);
  assert.equal(payload['email'], 'alice@example.com');
  assert.equal(payload['name'], undefined);
});

test('id_token token binds the access token by at_hash and leaves the claims to userinfo (OIDC Core §3.2.2.10)', async () => {
  const answer = answerOf(await ask({ response_type: 'id_token token' }));
  const { payload } = await verified(signet, answer['id_token'], { audience: 'web-app' });
  assert.equal(payload['at_hash'], leftHalf(answer['access_token']));
  assert.equal(payload['email'], undefined);
  const claims = (await userinfo(signet, answer['access_token'] ?? '')).body;
  assert.equal(claims['email'], 'alice@example.com');
  assert.equal(claims['sub'], payload.sub);
});

test('token alone gives an access token with type, lifetime and scope (RFC 6749 §4.2.2)', async () => {
  const answer = answerOf(await ask({ response_type: 'token', scope: 'openid email' }));
  assert.deepEqual(Object.keys(answer).sort(), [
    'access_token',
    'expires_in',
    'iss',
    'scope',
    'session_state',
    'state',
    'token_type',
  ]);
  assert.equal(answer['token_type'], 'Bearer');
  assert.equal(answer['expires_in'], '600');
  assert.equal(answer['scope'], 'openid email');
});

test('token needs neither openid nor a nonce, being plain OAuth (RFC 6749 §4.2.1)', async () => {
  const { nonce: _nonce, ...plain } = request({ response_type: 'token', scope: '' });
  const answer = answerOf(await person.grant(plain));
  assert.ok(answer['access_token']);
  assert.equal(answer['session_state'], undefined);
});

test('an ID token through the browser needs a nonce (OIDC Core §3.2.2.1, §3.3.2.1)', async () => {
  for (const response_type of ['id_token', 'id_token token', 'code id_token', 'code id_token token']) {
    const { nonce: _nonce, ...without } = request({ response_type });
    const answer = answerOf(await person.authorize(without));
    assert.equal(answer['error'], 'invalid_request', response_type);
    assert.match(answer['error_description'] ?? '', /nonce/);
  }
});

test('an ID token needs the scope openid (OIDC Core §3.2.2.1)', async () => {
  const answer = answerOf(await ask({ response_type: 'id_token', scope: 'email' }));
  assert.equal(answer['error'], 'invalid_scope');
});

test('without a code there is no offline access, and the wish for it is ignored (OIDC Core §11, RFC 6749 §4.2.2)', async () => {
  const answer = answerOf(await ask({ response_type: 'id_token token', scope: 'openid offline_access' }));
  assert.equal(answer['refresh_token'], undefined);
  assert.equal(answer['scope'], 'openid');
});

test('a client gets only the response types it is registered for, told in the fragment (RFC 6749 §4.2.2.1, OIDC Core §3.2.2.6)', async () => {
  for (const response_type of ['id_token', 'token', 'code token']) {
    const seen = await ask({ client_id: 'code-only', response_type });
    assert.equal(answerOf(seen)['error'], 'unauthorized_client', response_type);
    assert.match(seen.location ?? '', /#error=/);
  }
});

test('a front-channel access token dies with the sign-out, having been given for this session (OIDC Core §16.18)', async () => {
  const visitor = personAt(signet);
  const { access_token = '', id_token = '' } = answerOf(
    await visitor.grant(request({ response_type: 'id_token token' })),
  );
  assert.equal((await userinfo(signet, access_token)).status, 200);
  await visitor.visit(
    `${signet.url('/logout')}?${new URLSearchParams({ id_token_hint: id_token }).toString()}`,
  );
  assert.equal((await userinfo(signet, access_token)).status, 401);
});
