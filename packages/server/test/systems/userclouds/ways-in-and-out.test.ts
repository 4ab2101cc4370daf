import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, type Person, personAt, type Seen } from '../../support/person.ts';
import { ALICE, BOB, type Signet } from '../../support/signet.ts';
import { APP, authorization, CALLBACK, codeFor, exchangeCode, startUserClouds, token } from './userclouds.ts';

const GOODBYE = 'http://localhost:8080/goodbye';

const query = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();

const isSignedIn = async (person: Person): Promise<boolean> =>
  answerOf(await person.authorize(authorization({ prompt: 'none' })))['code'] !== undefined;

test('/logout ends the session and leads to an allowed address (row 115)', async (t) => {
  const signet = await startUserClouds(t);
  const person = personAt(signet);
  await person.grant(authorization());
  assert.equal(await isSignedIn(person), true);
  const seen = await person.visit(
    `${signet.url('/logout')}?${query({ client_id: APP.client_id, redirect_url: GOODBYE })}`,
  );
  assert.deepEqual([seen.status, seen.location], [302, GOODBYE]);
  assert.equal(await isSignedIn(person), false);
});

test('a picture in a page of somebody else’s signs nobody out (row 115)', async (t) => {
  const signet = await startUserClouds(t);
  const person = personAt(signet);
  await person.grant(authorization());
  const address = `${signet.url('/logout')}?${query({ client_id: APP.client_id, redirect_url: GOODBYE })}`;
  for (const dest of ['image', 'iframe', 'empty']) {
    const seen = await person.visit(address, { headers: { 'sec-fetch-dest': dest } });
    assert.deepEqual([seen.status, seen.location], [400, undefined], dest);
  }
  assert.equal(await isSignedIn(person), true);
});

test('/v2/logout does the same in the spelling of Auth0 (row 115)', async (t) => {
  const signet = await startUserClouds(t);
  const person = personAt(signet);
  await person.grant(authorization());
  const seen = await person.visit(
    `${signet.url('/v2/logout')}?${query({ client_id: APP.client_id, returnTo: GOODBYE })}`,
  );
  assert.equal(seen.status, 307);
  assert.equal((await person.visit(seen.location ?? '')).location, GOODBYE);
  assert.equal(await isSignedIn(person), false);
});

for (const [what, parameters] of [
  ['an address that is not allowed', { client_id: APP.client_id, redirect_url: 'https://evil.example/' }],
  ['an address that is nearly allowed', { client_id: APP.client_id, redirect_url: `${GOODBYE}/` }],
  ['a redirect URI, which is no logout URL', { client_id: APP.client_id, redirect_url: CALLBACK }],
  ['no address', { client_id: APP.client_id }],
  ['no application', { redirect_url: GOODBYE }],
  ['an unknown application', { client_id: 'nobody', redirect_url: GOODBYE }],
] as const) {
  test(`a logout with ${what} is refused with 400 and ends nothing (row 115)`, async (t) => {
    const signet = await startUserClouds(t);
    const person = personAt(signet);
    await person.grant(authorization());
    const { redirect_url, ...rest } = { redirect_url: undefined, ...parameters };
    const asAuth0 = { ...rest, ...(redirect_url !== undefined && { returnTo: redirect_url }) };
    for (const address of [
      `${signet.url('/logout')}?${query(parameters)}`,
      `${signet.url('/v2/logout')}?${query(asAuth0)}`,
    ]) {
      const seen = await person.follow(await person.visit(address));
      assert.deepEqual([seen.status, seen.location], [400, undefined]);
      assert.doesNotMatch(seen.text, /evil\.example|nobody/);
    }
    assert.equal(await isSignedIn(person), true);
  });
}

/** A sign-in page of an operator's own: it reads `session_id` of its address and posts JSON. */
async function postLogin(
  signet: Signet,
  person: Person,
  json: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<{ seen: Seen; body: Record<string, unknown> }> {
  const seen = await person.visit(signet.url('/login'), {
    method: 'POST',
    body: JSON.stringify(json),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { seen, body: JSON.parse(seen.text) };
}

const sessionOf = ({ url }: Seen): string => new URL(url).searchParams.get('session_id') ?? '';

test('a page that an operator made signs in by JSON and learns where to go on (row 98)', async (t) => {
  const signet = await startUserClouds(t);
  const person = personAt(signet);
  const session_id = sessionOf(await person.authorize(authorization()));
  const { seen, body } = await postLogin(signet, person, { ...ALICE, session_id });
  assert.equal(seen.status, 200, seen.text);
  assert.deepEqual(Object.keys(body), ['redirect_to']);
  assert.equal(seen.location, undefined);
  const answer = answerOf({ ...seen, location: String(body['redirect_to']) });
  assert.equal(answer['state'], 'state-of-the-app');
  assert.equal((await exchangeCode(signet, answer['code'] ?? '')).status, 200);
  assert.equal(await isSignedIn(person), true);
});

test('a page that an operator made is led to consent, and to a form where the answer is one (row 126)', async (t) => {
  const third = { ...APP, client_id: 'third', consent: 'always' };
  const signet = await startUserClouds(t, { clients: [APP, third] });
  const person = personAt(signet);
  const asked = sessionOf(await person.authorize(authorization({ client_id: 'third' })));
  const { body } = await postLogin(signet, person, { ...ALICE, session_id: asked });
  assert.match(String(body['redirect_to']), /\/plexui\/consent\?session_id=/);
  const another = personAt(signet);
  const session_id = sessionOf(await another.authorize(authorization({ response_mode: 'form_post' })));
  const form = await postLogin(signet, another, { ...ALICE, session_id });
  const page = await another.follow(await another.visit(String(form.body['redirect_to'])));
  assert.match(page.text, /name="code"/);
});

test('JSON sign-ins that cannot be are refused in one shape, and nobody is signed in (row 96)', async (t) => {
  const signet = await startUserClouds(t);
  const person = personAt(signet);
  const session_id = sessionOf(await person.authorize(authorization()));
  const stranger = personAt(signet);
  for (const [what, json, headers, expected, who] of [
    ['a wrong password', { ...ALICE, password: 'wrong', session_id }, {}, 400, person],
    ['an unknown name', { ...ALICE, username: 'nobody', session_id }, {}, 400, person],
    ['no session', ALICE, {}, 400, person],
    ['a made-up session', { ...ALICE, session_id: 'nonsense' }, {}, 400, person],
    ['a list for a password', { ...ALICE, password: ['wonderland'], session_id }, {}, 400, person],
    ['the session of another browser', { ...ALICE, session_id }, {}, 400, stranger],
    ['a page of another site', { ...ALICE, session_id }, { 'sec-fetch-site': 'cross-site' }, 403, person],
    ['a form’s content type', { ...ALICE, session_id }, { 'content-type': 'text/plain' }, 415, person],
    ['too much', { ...ALICE, session_id: 'x'.repeat(70_000) }, {}, 413, person],
  ] as const) {
    const { seen, body } = await postLogin(signet, who, json, headers);
    assert.equal(seen.status, expected, `${what}: ${seen.text}`);
    assert.deepEqual(Object.keys(body).slice(0, 2), ['error', 'request_id'], what);
    assert.doesNotMatch(seen.text, /nobody|wonderland/);
  }
  for (const who of [person, stranger]) assert.equal(await isSignedIn(who), false);
});

const RESTRICTED = { ...APP, allowed_users: ['alice'] };
const NOT_PERMITTED = 'You are not permitted to login to this app';

test('who is not among those who may sign in gets 403 and no code (row 116)', async (t) => {
  const terminal = { ...RESTRICTED, client_id: 'terminal', grant_types: ['password'], response_types: [] };
  const signet = await startUserClouds(t, { clients: [RESTRICTED, terminal] });
  assert.ok(await codeFor(signet));
  const bob = personAt(signet);
  const page = await bob.authorize(authorization());
  const { seen, body } = await postLogin(signet, bob, { ...BOB, session_id: sessionOf(page) });
  assert.deepEqual([seen.status, body['error']], [403, NOT_PERMITTED]);
  const atPage = await personAt(signet).authorize(authorization());
  const other = personAt(signet);
  const refused = await other.submit(await other.authorize(authorization()), BOB);
  assert.deepEqual([refused.status, refused.location], [403, undefined], atPage.url);
  assert.ok(refused.text.includes(NOT_PERMITTED));
  const again = await other.authorize(authorization());
  assert.deepEqual([again.status, again.location], [403, undefined], 'nor with the session he has');
  const byPassword = await token(signet, {
    grant_type: 'password',
    client_id: 'terminal',
    client_secret: APP.client_secret,
    scope: 'openid',
    ...BOB,
  });
  assert.equal(byPassword.status, 403);
  assert.ok(String(byPassword.body['error_description']).startsWith(NOT_PERMITTED));
});

test('ten failures make an account wait, whoever asks by whatever way, and the right password does not help (row 123)', async (t) => {
  const terminal = { ...APP, client_id: 'terminal', grant_types: ['password'], response_types: [] };
  const signet = await startUserClouds(t, { clients: [APP, terminal] });
  const person = personAt(signet);
  const session_id = sessionOf(await person.authorize(authorization()));
  for (let failures = 0; failures < 10; failures += 1) {
    const { seen } = await postLogin(signet, person, { ...ALICE, password: 'wrong', session_id });
    assert.equal(seen.status, 400, `failure ${failures}`);
  }
  const { seen, body } = await postLogin(signet, person, { ...ALICE, session_id });
  assert.deepEqual([seen.status, body['error']], [403, 'call volume exceeded']);
  const form = {
    grant_type: 'password',
    client_id: 'terminal',
    client_secret: APP.client_secret,
    scope: 'openid',
    ...ALICE,
  };
  const byPassword = await token(signet, form);
  assert.equal(byPassword.status, 403);
  assert.match(String(byPassword.body['error_description']), /^call volume exceeded/);
  const page = await person.authorize(authorization());
  assert.equal((await person.submit(page, ALICE)).status, 403);
  assert.ok(await codeFor(signet, {}, BOB), 'others may sign in');
  signet.clock.advance(1000);
  assert.equal((await token(signet, form)).status, 200, 'a second later she may');
});

test('a hundred failures make a network wait for a minute (row 123)', async (t) => {
  const terminal = { ...APP, client_id: 'terminal', grant_types: ['password'], response_types: [] };
  const signet = await startUserClouds(t, { clients: [terminal], trusted_proxies: ['127.0.0.1'] });
  const attempt = (username: string, password: string, from: string) =>
    token(
      signet,
      {
        grant_type: 'password',
        client_id: 'terminal',
        client_secret: APP.client_secret,
        scope: 'openid',
        username,
        password,
      },
      { 'x-forwarded-for': from },
    );
  const { store, tenant } = signet.provider;
  const rule = tenant.profile.attempts.network;
  // A hundred passwords would take long to check.
  for (let failures = 0; failures < 99; failures += 1)
    await store.beginAttempt(tenant.id, 'network 203.0.113.7', rule, signet.clock.now());
  assert.equal((await attempt('nobody', 'wrong', '203.0.113.7')).status, 400);
  assert.equal((await attempt(ALICE.username, ALICE.password, '203.0.113.7')).status, 403);
  assert.equal((await attempt(ALICE.username, ALICE.password, '203.0.113.8')).status, 200, 'elsewhere');
  signet.clock.advance(60_000);
  assert.equal((await attempt(ALICE.username, ALICE.password, '203.0.113.7')).status, 200);
});
