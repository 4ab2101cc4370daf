import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { setDisabled } from '../../../src/admin/users.ts';
import { type Address, answerOf, type Parameters, personAt, post, type Seen } from '../../support/person.ts';
import { ANDROID, DESKTOP, header, IOS, NATIVE_SCOPE, type Program, startOcis, verifierOf } from './ocis.ts';

const ocis = await startOcis({ after });

type Metadata = Readonly<Record<string, string>>;

async function discover(signet: Address): Promise<Metadata> {
  const response = await fetch(`${signet.issuer}/.well-known/openid-configuration`, { redirect: 'error' });
  assert.equal(response.status, 200);
  return (await response.json()) as Metadata;
}

/** The system's browser: opens what the program hands it, signs alice in, allows, and ends where the answer is sent. */
async function browse(
  signet: Address,
  url: string,
  account?: { username: string; password: string },
): Promise<Seen> {
  const { searchParams } = new URL(url);
  return personAt(signet).grant(Object.fromEntries(searchParams), account);
}

/** What the desktop program of version 2.11 does in its browser step (`src/libsync/creds/oauth.cpp`). */
async function desktopSignIn(signet: Address, hint: Parameters = {}) {
  const { authorization_endpoint = '', token_endpoint = '', registration_endpoint } = await discover(signet);
  assert.equal(registration_endpoint, undefined);
  const { code_verifier, code_challenge } = verifierOf(128);
  const state = randomBytes(32).toString('base64');
  assert.match(state, /^.{43}=$/);
  const redirect_uri = 'http://127.0.0.1:41235';
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: DESKTOP.client_id,
    redirect_uri,
    code_challenge,
    code_challenge_method: 'S256',
    scope: NATIVE_SCOPE,
    prompt: 'select_account consent',
    state,
    ...hint,
  });
  const seen = await browse(signet, `${authorization_endpoint}?${query.toString()}`);
  const location = seen.location ?? '';
  // Its little server understands nothing but `GET /?`, which a browser makes of an address without a path.
  assert.ok(new URL(location).pathname === '/' && location.startsWith(`${redirect_uri}?`), location);
  // It decodes the whole query before it takes it apart.
  const pairs = decodeURIComponent(new URL(location).search.slice(1))
    .split('&')
    .map((pair) => pair.split('='));
  const read = Object.fromEntries(pairs.map(([name = '', ...value]) => [name, value.join('=')]));
  assert.equal(read['state'], state);
  return { code: read['code'] ?? '', code_verifier, redirect_uri, token_endpoint };
}

test('desktop 2.11: browser step, then header and form together, a 128-character verifier and a state that ends in = (row 88)', async () => {
  const { code, code_verifier, redirect_uri, token_endpoint } = await desktopSignIn(ocis);
  const { client_id, client_secret } = DESKTOP;
  const form = {
    client_id,
    client_secret,
    scope: NATIVE_SCOPE,
    grant_type: 'authorization_code',
    code,
    redirect_uri,
    code_verifier,
  };
  const { status, body } = await post(token_endpoint, form, header(DESKTOP));
  assert.equal(status, 200, JSON.stringify(body));
  assert.match(String(body['access_token']), /\S/);
  assert.match(String(body['refresh_token']), /\S/);
  assert.equal(String(body['token_type']).toLowerCase(), 'bearer');
  const refresh = { client_id, client_secret, scope: NATIVE_SCOPE, grant_type: 'refresh_token' };
  let refresh_token = String(body['refresh_token']);
  for (let times = 0; times < 3; times += 1) {
    await discover(ocis);
    const renewed = await post(token_endpoint, { ...refresh, refresh_token }, header(DESKTOP));
    assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
    assert.match(String(renewed.body['access_token']), /\S/);
    refresh_token = (renewed.body['refresh_token'] as string | undefined) ?? refresh_token;
  }
});

test('desktop 2.11: once the account is known it is hinted at twice, and the form is filled in (row 88)', async () => {
  await desktopSignIn(ocis, { login_hint: 'alice', user: 'alice' });
});

test('desktop 2.11: a refresh token that is over is invalid_grant, which has it open the browser again (row 88)', async (t) => {
  const signet = await startOcis(t);
  const { code, code_verifier, redirect_uri, token_endpoint } = await desktopSignIn(signet);
  const { client_id, client_secret } = DESKTOP;
  const both = { client_id, client_secret, scope: NATIVE_SCOPE };
  const first = { ...both, grant_type: 'authorization_code', code, redirect_uri, code_verifier };
  const { body } = await post(token_endpoint, first, header(DESKTOP));
  await setDisabled(signet.provider, 'alice', true);
  const refresh = { ...both, grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  const refused = await post(token_endpoint, refresh, header(DESKTOP));
  assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_grant']);
  await setDisabled(signet.provider, 'alice', false);
  await desktopSignIn(signet, { login_hint: 'alice', user: 'alice' });
});

/** What all later programs have in common: PKCE, the header alone, and the scope once more in the form. */
async function signIn(
  signet: Address,
  program: Program,
  over: { form?: Parameters; query?: Parameters } = {},
) {
  const { authorization_endpoint = '', token_endpoint = '' } = await discover(signet);
  const { code_verifier, code_challenge } = verifierOf(86);
  const { client_id, redirect_uri } = program;
  const state = randomBytes(24).toString('base64url');
  const query = new URLSearchParams({
    client_id,
    redirect_uri,
    response_type: 'code',
    scope: NATIVE_SCOPE,
    prompt: 'select_account consent',
    code_challenge,
    code_challenge_method: 'S256',
    state,
    ...over.query,
  });
  const seen = await browse(signet, `${authorization_endpoint}?${query.toString()}`);
  assert.ok(seen.location?.startsWith(`${redirect_uri}?`), String(seen.location));
  const answer = answerOf(seen);
  assert.equal(answer['state'], state);
  const form = {
    grant_type: 'authorization_code',
    code: answer['code'] ?? '',
    redirect_uri,
    code_verifier,
    ...over.form,
  };
  return { token_endpoint, ...(await post(token_endpoint, form, header(program))) };
}

test('desktop 5 and later: webfinger leads to the issuer, and the secret goes in the header alone (rows 86, 88)', async () => {
  const webfinger = `${ocis.issuer}/.well-known/webfinger?resource=${encodeURIComponent(ocis.issuer)}`;
  const found = (await (await fetch(webfinger)).json()) as {
    subject: string;
    links: { rel: string; href: string }[];
  };
  assert.equal(found.subject, ocis.issuer);
  const issuer = found.links.find(({ rel }) => rel === 'http://openid.net/specs/connect/1.0/issuer');
  assert.equal(issuer?.href, ocis.issuer);
  const metadata = await discover(ocis);
  assert.ok(metadata['token_endpoint_auth_methods_supported']?.includes('client_secret_basic'));
  const program = { ...DESKTOP, redirect_uri: 'http://127.0.0.1:41236' };
  const { status, body, token_endpoint } = await signIn(ocis, program, { form: { scope: NATIVE_SCOPE } });
  assert.equal(status, 200, JSON.stringify(body));
  assert.match(String(body['refresh_token']), /\S/);
  const refresh = {
    grant_type: 'refresh_token',
    refresh_token: String(body['refresh_token']),
    scope: NATIVE_SCOPE,
  };
  assert.equal((await post(token_endpoint, refresh, header(DESKTOP))).status, 200);
});

test('Android: by its own scheme, with the scope in the form of the token request too (row 89)', async () => {
  const { status, body, token_endpoint } = await signIn(ocis, ANDROID, { form: { scope: NATIVE_SCOPE } });
  assert.equal(status, 200, JSON.stringify(body));
  assert.match(String(body['access_token']), /\S/);
  assert.equal(typeof body['expires_in'], 'number');
  assert.match(String(body['token_type']), /^bearer$/i);
  const refresh = {
    grant_type: 'refresh_token',
    refresh_token: String(body['refresh_token']),
    scope: NATIVE_SCOPE,
  };
  assert.equal((await post(token_endpoint, refresh, header(ANDROID))).status, 200);
});

test('iOS: the state comes back, no answer has an error in it, and refreshes bring header and form (row 89)', async () => {
  const { status, body, token_endpoint } = await signIn(ocis, IOS);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal('error' in body, false);
  assert.equal(body['expires_in'], 300);
  const { client_id, client_secret } = IOS;
  const refresh = {
    grant_type: 'refresh_token',
    refresh_token: String(body['refresh_token']),
    client_id,
    client_secret,
    scope: NATIVE_SCOPE,
  };
  const renewed = await post(token_endpoint, refresh, header(IOS));
  assert.equal(renewed.status, 200);
  assert.equal('error' in renewed.body, false);
});

test('a phone that is sent back with a refusal gets its state too (row 89)', async () => {
  const { client_id, redirect_uri } = IOS;
  const person = personAt(ocis);
  const page = await person.authorize({
    client_id,
    redirect_uri,
    response_type: 'code',
    scope: NATIVE_SCOPE,
    state: 'mine',
  });
  const { error, state } = answerOf(await person.submit(page, { decision: 'deny' }));
  assert.deepEqual([error, state], ['access_denied', 'mine']);
});
