import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, personAt, pkce, post, request } from '../support/person.ts';
import { type Signet, startSignet, type TestConfig } from '../support/signet.ts';

const ON: TestConfig = { dynamic_registration: true };
const URIS = { redirect_uris: ['https://app.example/cb'] };

const register = async (signet: Signet, wish: unknown, contentType = 'application/json') => {
  const body = typeof wish === 'string' ? wish : JSON.stringify(wish);
  const headers = { 'content-type': contentType };
  const response = await fetch(signet.url('/register'), { method: 'POST', body, headers });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? {} : JSON.parse(text),
  };
};

test('an application registers itself and signs a person in, who is asked each time (RFC 7591 §3.2.1)', async (t) => {
  const signet = await startSignet(t, ON);
  const { status, headers, body } = await register(signet, { ...URIS, client_name: 'New App' });
  assert.equal(status, 201);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.ok(Math.abs(body.client_id_issued_at - signet.clock.now() / 1000) < 10);
  assert.equal(body.client_secret_expires_at, 0);
  assert.deepEqual(body.grant_types, ['authorization_code', 'refresh_token']);
  const { code_verifier, challenge } = pkce();
  const redirect_uri = 'https://app.example/cb';
  const wish = request({
    client_id: body.client_id,
    redirect_uri,
    scope: 'openid offline_access',
    ...challenge,
  });
  const person = personAt(signet);
  const { code = '' } = answerOf(await person.grant(wish));
  const credentials = { client_id: body.client_id, client_secret: body.client_secret };
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier, ...credentials };
  const tokens = await post(signet.url('/token'), form);
  assert.match(String(tokens.body['refresh_token']), /\S/);
  assert.match((await person.authorize(wish)).text, /New App[\s\S]*value="allow"/);
});

test('what only the operator decides goes unheeded, and is not told (RFC 7591 §2)', async (t) => {
  const signet = await startSignet(t, ON);
  const wish = {
    ...URIS,
    client_id: 'mine',
    client_secret: 'guess',
    consent: 'skip',
    require_pkce: false,
    disabled: false,
    unheard_of: 1,
    client_name: null,
  };
  const { status, body } = await register(signet, wish);
  assert.equal(status, 201);
  assert.notEqual(body.client_id, 'mine');
  assert.notEqual(body.client_secret, 'guess');
  for (const name of ['consent', 'require_pkce', 'disabled', 'unheard_of', 'client_name'])
    assert.equal(name in body, false, name);
  const stored = await signet.provider.store.findClient(signet.provider.tenant.id, body.client_id);
  assert.equal(stored?.metadata.consent, 'always');
  assert.equal(stored?.source, 'registration');
});

test('a public application gets no secret', async (t) => {
  const signet = await startSignet(t, ON);
  const { status, body } = await register(signet, { ...URIS, token_endpoint_auth_method: 'none' });
  assert.equal(status, 201);
  assert.deepEqual(['client_secret' in body, 'client_secret_expires_at' in body], [false, false]);
});

test('a bad redirect is invalid_redirect_uri, another fault invalid_client_metadata, and nothing is repeated (RFC 7591 §3.2.2)', async (t) => {
  const signet = await startSignet(t, ON);
  const refusals: readonly [unknown, string][] = [
    [{ redirect_uris: ['http://evil.example/cb'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['javascript:evil'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://evil.example/#x'] }, 'invalid_redirect_uri'],
    [{}, 'invalid_redirect_uri'],
    [{ ...URIS, grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    [{ ...URIS, grant_types: ['evil'] }, 'invalid_client_metadata'],
    [{ ...URIS, client_name: 'evil\u202Elive' }, 'invalid_client_metadata'],
    [{ ...URIS, jwks: { keys: [{ kty: 'oct', k: 'evil' }] } }, 'invalid_client_metadata'],
    [{ ...URIS, backchannel_logout_uri: 'http://evil.example/' }, 'invalid_client_metadata'],
    [['evil'], 'invalid_client_metadata'],
    ['{"evil', 'invalid_client_metadata'],
    ['null', 'invalid_client_metadata'],
    ['', 'invalid_client_metadata'],
  ];
  for (const [wish, error] of refusals) {
    const { status, body, text } = await register(signet, wish);
    assert.deepEqual([status, body.error], [400, error], JSON.stringify(wish));
    assert.ok(!text.includes('evil'), text);
  }
  assert.equal((await register(signet, URIS, 'text/plain')).status, 400);
  const { status, text } = await register(signet, { ...URIS, client_name: 'x'.repeat(70_000) });
  assert.equal(status, 413);
  assert.ok(text.length < 200);
});

test('placeholders of the operator mean nothing here', async (t) => {
  const signet = await startSignet(t, { ...ON, profile: 'ocis', clients: [] });
  const answer = await fetch(`${signet.issuer}/konnect/v1/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['{{OCIS_URL}}/'] }),
  });
  assert.equal(answer.status, 400);
});

test('whoever registers very many has to wait', async (t) => {
  const signet = await startSignet(t, ON);
  const statuses = [];
  for (let count = 0; count < 22; count += 1) statuses.push((await register(signet, URIS)).status);
  assert.deepEqual(new Set(statuses.slice(0, 20)), new Set([201]));
  const waiting = await register(signet, URIS);
  assert.equal(waiting.status, 429);
  assert.match(waiting.headers.get('retry-after') ?? '', /^\d+$/);
});

test('it is advertised where it is on, and is not there where it is off', async (t) => {
  const metadata = async (signet: Signet) =>
    (await (await fetch(signet.url('/.well-known/openid-configuration'))).json()) as Record<string, unknown>;
  const on = await startSignet(t, ON);
  assert.equal((await metadata(on))['registration_endpoint'], on.url('/register'));
  const off = await startSignet(t);
  assert.equal('registration_endpoint' in (await metadata(off)), false);
  const answer = await fetch(off.url('/register'), { method: 'POST', body: '{}' });
  assert.equal(answer.status, 404);
});

test('nobody registers for scopes of the administration by himself', async (t) => {
  const signet = await startSignet(t, ON);
  const { status, body } = await register(signet, { ...URIS, scope: 'openid signet:users:write' });
  assert.equal(status, 400);
  assert.equal(body.error, 'invalid_client_metadata');
  assert.match(body.error_description, /signet:users:write/);
});
