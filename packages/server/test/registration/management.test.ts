import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { callerWith, itemsOf, SERVICES, serviceToken } from '../api/support.ts';
import { answerOf, personAt, pkce, post, request } from '../support/person.ts';
import { startSignet, WEB_APP } from '../support/signet.ts';
import { manage, ON, register, replacementOf, send, URIS } from './registering.ts';

const signet = await startSignet({ after }, { ...ON, clients: [WEB_APP, ...SERVICES] });
const call = callerWith(signet, await serviceToken(signet, 'robot'));
let made = 0;
const registered = async (over: Record<string, unknown> = {}) => {
  // Each from another time, so that nobody has to wait.
  made += 1;
  if (made % 15 === 0) signet.clock.advance(86_400_001);
  const { status, body } = await register(signet, { ...URIS, client_name: 'Own', ...over });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};
const admin = async (line: string, body?: unknown) => {
  const caller = callerWith(signet, await serviceToken(signet, 'robot'));
  const tag = (await caller(`GET ${line.split(' ')[1]}`)).headers.get('etag') ?? '';
  const answer = await caller(line, { body, headers: { 'if-match': tag } });
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
};

test('an application reads what is registered, with the address and the token that it was told (RFC 7592 §2.1, §3)', async () => {
  const own = await registered();
  assert.equal(
    own['registration_client_uri'],
    `${signet.url('/register')}?client_id=${String(own['client_id'])}`,
  );
  const { status, headers, body } = await manage('GET', own);
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'no-store');
  // The secret is kept as a digest and cannot be told again.
  const { client_secret: _told, ...rest } = own;
  assert.deepEqual(body, rest);
  const stored = JSON.stringify(await call('GET /clients'));
  assert.ok(!stored.includes(String(own['registration_access_token'])));
});

test('a replacement replaces all: what is left out is gone, and the token is another one (RFC 7592 §2.2)', async () => {
  const own = await registered({ contacts: ['a@app.example'], tos_uri: 'https://app.example/tos' });
  const { tos_uri: _gone, ...wish } = replacementOf(own);
  const redirect_uris = ['https://app.example/new'];
  const { status, body } = await manage('PUT', own, { ...wish, redirect_uris, client_name: 'New' });
  assert.equal(status, 200);
  assert.deepEqual(
    [body['client_name'], body['redirect_uris'], 'tos_uri' in body],
    ['New', redirect_uris, false],
  );
  assert.deepEqual([body['client_id'], body['contacts']], [own['client_id'], ['a@app.example']]);
  assert.notEqual(body['registration_access_token'], own['registration_access_token']);
  assert.equal((await manage('GET', own)).status, 401);
  assert.equal((await manage('GET', body)).status, 200);
  const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: String(own['client_id']) };
  const answer = await post(signet.url('/token'), { ...form, client_secret: String(own['client_secret']) });
  assert.equal(answer.body['error'], 'invalid_grant', 'the secret is good as before');
});

test('of twenty replacements at once with one token exactly one succeeds', async () => {
  const own = await registered();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) => manage('PUT', own, { ...replacementOf(own), client_name: `N${n}` })),
  );
  assert.deepEqual(
    all.map(({ status }) => status).toSorted((one, other) => one - other),
    [200, ...Array(19).fill(401)],
  );
});

test('nobody overwrites the client_id or the secret, nor sends what the server alone tells (RFC 7592 §2.2)', async () => {
  const own = await registered();
  const wish = replacementOf(own);
  const { client_id: _id, ...nameless } = wish;
  const refusals = [
    nameless,
    { ...wish, client_id: 'web-app' },
    { ...wish, client_secret: 'of-my-own-choice' },
    { ...wish, client_secret: 7 },
    { ...wish, client_secret: '' },
    { ...wish, registration_access_token: own['registration_access_token'] },
    { ...wish, registration_client_uri: 'https://evil.example' },
    { ...wish, client_secret_expires_at: 0 },
    { ...wish, client_id_issued_at: 1 },
    ['evil'],
    '{"evil',
  ];
  for (const body of refusals) {
    const answer = await manage('PUT', own, body);
    assert.deepEqual([answer.status, answer.body['error']], [400, 'invalid_client_metadata']);
    assert.ok(!answer.text.includes('evil') && !answer.text.includes('of-my-own-choice'), answer.text);
  }
  const bad = await manage('PUT', own, { ...wish, redirect_uris: ['http://evil.example/'] });
  assert.equal(bad.body['error'], 'invalid_redirect_uri');
  assert.equal((await manage('GET', own)).body['client_name'], 'Own', 'nothing was changed');
});

test('no replacement gains what only an operator gives', async () => {
  const own = await registered();
  const wish = replacementOf(own);
  const admins = await manage('PUT', own, { ...wish, scope: 'openid signet:clients:write' });
  assert.equal(admins.status, 400);
  const more = {
    consent: 'skip',
    may_administer: true,
    require_pkce: false,
    organization_id: 'x',
    disabled: true,
  };
  const { status, body } = await manage('PUT', own, { ...wish, ...more });
  assert.equal(status, 200);
  const { body: stored } = await call(`GET /clients/${String(body['client_id'])}`);
  assert.equal(stored['consent'], 'always');
  for (const name of ['may_administer', 'require_pkce', 'organization_id', 'disabled'])
    assert.equal(name in stored, false, name);
  assert.equal(stored['source'], 'registration');
});

test('an application that turns to another way to prove itself gets a secret, or loses it', async () => {
  const own = await registered({ token_endpoint_auth_method: 'none' });
  assert.equal('client_secret' in own, false);
  const wish = { ...replacementOf(own), token_endpoint_auth_method: 'client_secret_post' };
  const { body } = await manage('PUT', own, wish);
  assert.match(String(body['client_secret']), /^[\w-]{43}$/);
  assert.equal(body['client_secret_expires_at'], 0);
  const { client_secret: _secret, ...keyless } = replacementOf(body);
  const back = await manage('PUT', body, { ...keyless, token_endpoint_auth_method: 'none' });
  assert.equal(back.status, 200);
  assert.equal('client_secret_expires_at' in back.body, false);
});

test('an application that deletes itself is gone with its token and grants, and an administrator can restore it (RFC 7592 §2.3)', async () => {
  const own = await registered();
  const { code_verifier, challenge } = pkce();
  const redirect_uri = 'https://app.example/cb';
  const client = { client_id: String(own['client_id']), client_secret: String(own['client_secret']) };
  const wish = { client_id: client.client_id, redirect_uri, scope: 'openid offline_access', ...challenge };
  const { code = '' } = answerOf(await personAt(signet).grant(request(wish)));
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier, ...client };
  const tokens = await post(signet.url('/token'), form);
  const refresh = {
    grant_type: 'refresh_token',
    refresh_token: String(tokens.body['refresh_token']),
    ...client,
  };
  const gone = await manage('DELETE', own);
  assert.deepEqual([gone.status, gone.text], [204, '']);
  assert.equal(gone.headers.get('cache-control'), 'no-store');
  for (const method of ['GET', 'DELETE']) assert.equal((await manage(method, own)).status, 401);
  assert.equal((await post(signet.url('/token'), refresh)).body['error'], 'invalid_client');
  await admin(`POST /clients/${client.client_id}/restore`);
  assert.equal((await manage('GET', own)).status, 401, 'the token stays dead');
  assert.equal((await post(signet.url('/token'), refresh)).body['error'], 'invalid_grant');
  const caller = callerWith(signet, await serviceToken(signet, 'robot'));
  const events = itemsOf(await caller(`GET /audit?subject=${client.client_id}`));
  assert.deepEqual(
    events.map(({ action, actor }) => [action, actor]),
    [
      ['client.restored', 'robot'],
      ['client.deleted', client.client_id],
      ['client.created', 'nobody'],
    ],
  );
});

test('a client that an administrator has changed is read by itself, and changed or deleted no more', async () => {
  const own = await registered();
  await admin(`PATCH /clients/${String(own['client_id'])}`, { scope: 'openid signet:users:write' });
  assert.equal((await manage('GET', own)).status, 200);
  for (const [method, body] of [
    ['PUT', replacementOf(own)],
    ['DELETE', undefined],
  ] as const) {
    const answer = await manage(method, own, body);
    assert.equal(answer.status, 403, method);
    assert.match(answer.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/);
  }
});

test('the token of a client that is switched off opens nothing, and does not switch it on', async () => {
  const own = await registered();
  await admin(`PATCH /clients/${String(own['client_id'])}`, { disabled: true });
  for (const [method, body] of [
    ['GET', undefined],
    ['PUT', replacementOf(own)],
    ['DELETE', undefined],
  ] as const)
    assert.equal((await manage(method, own, body)).status, 401, method);
});

test('a token opens the registration of its own client alone, and is told like any bearer token when it is not good (RFC 7592 §2.1)', async () => {
  const [own, other] = [await registered(), await registered()];
  const strangers = [
    other['registration_access_token'],
    own['client_secret'],
    'x',
    'sgra_',
    `sgra_${'A'.repeat(40)}`,
  ];
  for (const token of strangers) {
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', replacementOf(own)],
      ['DELETE', undefined],
    ] as const) {
      const answer = await manage(method, own, body, token);
      assert.equal(answer.status, 401);
      assert.match(
        answer.headers.get('www-authenticate') ?? '',
        /^Bearer realm="[^"]+", error="invalid_token"/,
      );
    }
  }
  const bare = await fetch(String(own['registration_client_uri']));
  assert.equal(bare.headers.get('www-authenticate'), `Bearer realm="${signet.issuer}"`);
  const token = own['registration_access_token'];
  for (const query of ['', '?client_id=', '?client_id=%00', '?client_id=web-app', '?client_id=a&client_id=b'])
    assert.equal(
      (await send('GET', signet.url(`/register${query}`), undefined, { token })).status,
      401,
      query,
    );
});

test('a page of a browser application registers, reads and deletes: none of it looks at cookies (OIDC Registration §3, §4)', async () => {
  const preflight = await fetch(signet.url('/register'), { method: 'OPTIONS' });
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, POST, PUT, DELETE');
  assert.equal(preflight.headers.has('access-control-allow-credentials'), false);
  const { headers } = await register(signet, {});
  assert.equal(headers.get('access-control-allow-origin'), '*');
});
