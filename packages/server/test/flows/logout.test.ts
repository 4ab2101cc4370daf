import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, hiddenFields, type Person, personAt, request, tokensFor } from '../support/person.ts';
import { ALICE, BOB, startSignet, WEB_APP } from '../support/signet.ts';
import { newClientKey, unsigned, verified } from '../support/tokens.ts';

const AFTER = 'http://127.0.0.1:9000/';
const signet = await startSignet(
  { after },
  {
    clients: [
      WEB_APP,
      {
        ...WEB_APP,
        client_id: 'other',
        post_logout_redirect_uris: ['https://other.example/bye?x=1'],
        userinfo_signed_response_alg: 'ES256',
      },
    ],
  },
);
const url = signet.url('/logout');
const logout = (person: Person, over: Record<string, string> = {}) =>
  person.visit(`${url}?${new URLSearchParams(over).toString()}`);
const isSignedIn = async (person: Person) =>
  answerOf(await person.authorize(request({ prompt: 'none' })))['code'] !== undefined;

async function signedIn(account = ALICE, client_id = 'web-app') {
  const person = personAt(signet);
  const { id_token = '' } = answerOf(
    await person.grant(request({ client_id, response_type: 'id_token' }), account),
  );
  return { person, id_token };
}

test('with the ID token of this very session the person is signed out and sent back (OIDC RP-Initiated Logout §2, §3)', async () => {
  const { person, id_token } = await signedIn();
  const seen = await logout(person, {
    id_token_hint: id_token,
    post_logout_redirect_uri: AFTER,
    state: 'a+b &c',
  });
  assert.equal(seen.status, 303);
  const back = new URL(seen.location ?? '');
  assert.equal(back.origin + back.pathname, AFTER);
  assert.equal(back.searchParams.get('state'), 'a+b &c');
  assert.equal(await isSignedIn(person), false);
});

test('without a hint the person is asked, and stays signed in until they say so (OIDC RP-Initiated Logout §2, §6)', async () => {
  const { person } = await signedIn();
  const page = await logout(person, { client_id: 'web-app', post_logout_redirect_uri: AFTER, state: 's' });
  assert.equal(page.status, 200);
  assert.match(page.text, /Web App/);
  assert.ok(await isSignedIn(person));
  const denied = await person.submit(page, { decision: 'deny' });
  assert.ok(!denied.location?.startsWith(AFTER) && (await isSignedIn(person)));
  const done = await person.submit(page, { decision: 'allow' });
  assert.equal(done.location, `${AFTER}?state=s`);
  assert.equal(await isSignedIn(person), false);
});

test('the ID token of another session or person is no reason not to ask (OIDC RP-Initiated Logout §2)', async () => {
  const { person } = await signedIn();
  for (const { id_token } of [await signedIn(), await signedIn(BOB)]) {
    const page = await logout(person, { id_token_hint: id_token, post_logout_redirect_uri: AFTER });
    assert.equal(page.status, 200);
    assert.match(page.text, /name="decision"/);
  }
  assert.ok(await isSignedIn(person));
});

test('an expired ID token is a good hint (OIDC RP-Initiated Logout §2)', async () => {
  const { person, id_token } = await signedIn();
  signet.clock.advance(3_600_000);
  assert.equal(
    (await logout(person, { id_token_hint: id_token, post_logout_redirect_uri: AFTER })).location,
    AFTER,
  );
});

test('a request may be posted as well (OIDC RP-Initiated Logout §2)', async () => {
  const { person, id_token } = await signedIn();
  const body = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: AFTER });
  assert.equal((await person.follow(await person.visit(url, { method: 'POST', body }))).location, AFTER);
});

test('a hint that is no ID token of this provider is refused on a page (OIDC RP-Initiated Logout §2, §4)', async () => {
  const { person, id_token } = await signedIn();
  const { payload } = await verified(signet, id_token);
  const { access_token = '', refresh_token = '' } = await tokensFor(signet);
  const signedUserinfo = await claimsOfOther();
  const stranger = await newClientKey('ES256');
  for (const hint of [
    'x',
    unsigned(payload),
    await stranger.sign(payload),
    `${id_token.slice(0, -5)}AAAAA`,
    access_token,
    refresh_token,
    signedUserinfo,
  ]) {
    const seen = await logout(person, { id_token_hint: hint });
    assert.equal(seen.status, 400);
    assert.equal(seen.location, undefined);
  }
  assert.ok(await isSignedIn(person));
});

async function claimsOfOther(): Promise<string> {
  const { access_token = '' } = answerOf(
    await personAt(signet).grant(request({ client_id: 'other', response_type: 'token' })),
  );
  return (
    await fetch(signet.url('/userinfo'), { headers: { authorization: `Bearer ${access_token}` } })
  ).text();
}

test('only a registered address is gone to, compared character by character (OIDC RP-Initiated Logout §3, §3.1)', async () => {
  const { person, id_token } = await signedIn();
  const others = [
    'https://attacker.example/',
    `${AFTER}x`,
    AFTER.slice(0, -1),
    `${AFTER}?x`,
    `${AFTER}#x`,
    'https://other.example/bye?x=1',
    'javascript:alert(1)',
    '//attacker.example',
    `${AFTER}@attacker.example`,
  ];
  for (const post_logout_redirect_uri of others) {
    const seen = await logout(person, { id_token_hint: id_token, post_logout_redirect_uri });
    assert.equal(seen.status, 400, post_logout_redirect_uri);
    assert.equal(seen.location, undefined);
    assert.ok(!seen.text.includes('attacker'));
  }
  assert.ok(await isSignedIn(person));
});

test('an address without a client that it could belong to is refused (OIDC RP-Initiated Logout §3)', async () => {
  const { person } = await signedIn();
  assert.equal((await logout(person, { post_logout_redirect_uri: AFTER })).status, 400);
});

test('client_id must be that of the hint, and registered (OIDC RP-Initiated Logout §2)', async () => {
  const { person, id_token } = await signedIn();
  assert.equal((await logout(person, { id_token_hint: id_token, client_id: 'other' })).status, 400);
  assert.equal((await logout(person, { client_id: 'nobody' })).status, 400);
  assert.equal((await logout(person, { id_token_hint: id_token, client_id: 'web-app' })).status, 303);
});

test('state is added to a query that the address already has', async () => {
  const { person, id_token } = await signedIn(ALICE, 'other');
  const post_logout_redirect_uri = 'https://other.example/bye?x=1';
  const seen = await logout(person, { id_token_hint: id_token, post_logout_redirect_uri, state: 'é' });
  assert.equal(seen.location, `${post_logout_redirect_uri}&state=%C3%A9`);
});

test('signing out when nobody is signed in is no error, as it is done already (OIDC RP-Initiated Logout §4)', async () => {
  const { person, id_token } = await signedIn();
  const ask = { id_token_hint: id_token, post_logout_redirect_uri: AFTER };
  await logout(person, ask);
  assert.equal((await logout(person, ask)).location, AFTER);
  const nobody = personAt(signet);
  const done = await nobody.follow(await logout(nobody));
  assert.equal(done.status, 200);
});

test('every repeated parameter is refused on a page (RFC 6749 §3.1)', async () => {
  const { person, id_token } = await signedIn();
  for (const name of [
    'id_token_hint',
    'client_id',
    'post_logout_redirect_uri',
    'state',
    'ui_locales',
    'logout_hint',
  ]) {
    const seen = await person.visit(`${url}?id_token_hint=${id_token}&${name}=a&${name}=b`);
    assert.equal(seen.status, 400, name);
  }
  assert.ok(await isSignedIn(person));
});

test('the confirmation is tied to the browser that was asked (RFC 6749 §10.12)', async () => {
  const { person } = await signedIn();
  const stranger = await signedIn(BOB);
  const page = await logout(stranger.person);
  const forged = await person.visit(url, {
    method: 'POST',
    body: new URLSearchParams({ ...hiddenFields(page), decision: 'allow' }),
  });
  assert.equal(forged.status, 403);
  assert.ok(await isSignedIn(person));
  const foreign = await person.visit(url, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ ...hiddenFields(await logout(person)), decision: 'allow' }),
  });
  assert.equal(foreign.status, 403);
  assert.ok(await isSignedIn(person));
});

test('the session cookie of before is worth nothing after the sign-out (OIDC RP-Initiated Logout §2)', async () => {
  const { person, id_token } = await signedIn();
  const stolen = new Map(person.cookies);
  await logout(person, { id_token_hint: id_token });
  const thief = personAt(signet);
  for (const [name, value] of stolen) thief.cookies.set(name, value);
  assert.equal(await isSignedIn(thief), false);
});
