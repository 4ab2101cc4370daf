import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setDisabled } from '../../../src/admin/users.ts';
import { answerOf, type Parameters, type Person, personAt, userinfo } from '../../support/person.ts';
import { ALICE, BOB } from '../../support/signet.ts';
import { newClientKey, seconds, unsigned, verified } from '../../support/tokens.ts';
import { ANDROID, ask, askWeb, DESKTOP, NATIVE_SCOPE, redeem, startOcis } from './ocis.ts';

const ocis = await startOcis({ after });

const signIn = async (person: Person, over: Parameters = {}, account = ALICE) =>
  answerOf(await person.grant(ask(over), account));

const errorOf = async (person: Person, parameters: Parameters) =>
  answerOf(await person.authorize(parameters))['error'];

test('an installed program asks for consent every time; nothing is remembered (row 68)', async () => {
  const person = personAt(ocis);
  await signIn(person);
  for (let times = 0; times < 2; times += 1) {
    const page = await person.authorize(ask());
    assert.equal(page.location, undefined);
    assert.match(page.text, /ownCloud desktop app/);
    assert.match(page.text, /value="allow"/);
    assert.match(page.text, /value="deny"/);
    const allowed = await person.submit(page, { decision: 'allow' });
    assert.ok(answerOf(allowed)['code']);
  }
});

test('the consent page lists what is asked for, and what is asked one by one (row 68)', async () => {
  const person = personAt(ocis);
  await signIn(person);
  const claims = JSON.stringify({ userinfo: { phone_number: null } });
  const page = await person.authorize(ask({ scope: `${NATIVE_SCOPE} LibgreGraph.UUID`, claims }));
  for (const asked of [/LibgreGraph.UUID/, /email/i, /phone/i]) assert.match(page.text, asked);
});

test('Cancel is told as access_denied, consent denied (row 68)', async () => {
  const person = personAt(ocis);
  await signIn(person);
  const seen = await person.submit(await person.authorize(ask()), { decision: 'deny' });
  const { error, error_description, state } = answerOf(seen);
  assert.equal(error, 'access_denied');
  assert.match(error_description ?? '', /^consent denied/);
  assert.equal(state, 'state-of-the-client');
});

test('the trusted web client skips consent, unless it asks for it (row 68)', async () => {
  const person = personAt(ocis);
  await person.grant(askWeb(ocis));
  const straight = await person.authorize(askWeb(ocis));
  assert.ok(answerOf(straight)['code']);
  const page = await person.authorize(askWeb(ocis, { prompt: 'consent' }));
  assert.equal(page.location, undefined);
  assert.match(page.text, /value="allow"/);
});

test('prompt=none shows no page: login_required, or interaction_required where consent is due (row 69)', async () => {
  const person = personAt(ocis);
  assert.equal(await errorOf(person, ask({ prompt: 'none' })), 'login_required');
  assert.equal(await errorOf(person, askWeb(ocis, { prompt: 'none' })), 'login_required');
  await signIn(person);
  const seen = answerOf(await person.authorize(ask({ prompt: 'none' })));
  assert.equal(seen['error'], 'interaction_required');
  assert.match(seen['error_description'] ?? '', /^consent required/);
  assert.ok(answerOf(await person.authorize(askWeb(ocis, { prompt: 'none' })))['code']);
});

test('none beside another prompt is invalid_request (row 69)', async () => {
  for (const prompt of ['none login', 'consent none', 'none select_account'])
    assert.equal(await errorOf(personAt(ocis), ask({ prompt })), 'invalid_request');
});

test('prompt=login has the password entered again, prompt=select_account offers the accounts (row 69)', async () => {
  const person = personAt(ocis);
  await person.grant(askWeb(ocis));
  const login = await person.authorize(askWeb(ocis, { prompt: 'login' }));
  assert.match(login.text, /name="password"/);
  const chooser = await person.authorize(askWeb(ocis, { prompt: 'select_account' }));
  assert.match(chooser.url, /\/signin\/v1\/chooseaccount\?.*flow=oidc/);
  assert.match(chooser.text, /alice/);
});

test('select_account and consent together: first the account, then the consent, then the code (row 69)', async () => {
  const person = personAt(ocis);
  const first = await person.authorize(ask({ prompt: 'select_account consent' }));
  assert.match(first.text, /name="password"/);
  const consent = await person.submit(first, ALICE);
  assert.match(consent.url, /\/signin\/v1\/consent\?.*flow=consent/);
  assert.ok(answerOf(await person.submit(consent, { decision: 'allow' }))['code']);
  const chooser = await person.authorize(ask({ prompt: 'select_account consent' }));
  assert.match(chooser.url, /chooseaccount/);
  const account = /name="account"[^>]*value="([^"]+)"/.exec(chooser.text)?.[1] ?? '';
  const asked = await person.submit(chooser, { account });
  assert.match(asked.text, /value="allow"/);
  assert.ok(answerOf(await person.submit(asked, { decision: 'allow' }))['code']);
});

test('LibgreGraph.UUID opens lg.uuid, and LibreGraph.RawSub is known (row 71)', async () => {
  const token = async (scope: string) =>
    (await signIn(personAt(ocis), { response_type: 'id_token token', scope }))['access_token'] ?? '';
  const plain = (await userinfo(ocis, await token('openid'))).body;
  assert.equal('lg.uuid' in plain, false);
  const uuid = (await userinfo(ocis, await token('openid LibgreGraph.UUID LibreGraph.RawSub'))).body;
  assert.match(String(uuid['lg.uuid']), /^[0-9a-f-]{36}$/);
  const subject = await ocis.provider.store.findUserByName(ocis.provider.tenant.id, 'alice');
  assert.equal(uuid['sub'], subject?.sub);
  assert.equal(await errorOf(personAt(ocis), ask({ scope: 'openid unheard-of' })), 'invalid_scope');
});

test('the claims parameter brings single claims into ID token and userinfo (row 72)', async () => {
  const claims = JSON.stringify({
    id_token: { email: null, acr: null },
    userinfo: { name: { essential: true } },
  });
  const answer = await signIn(personAt(ocis), { response_type: 'id_token token', scope: 'openid', claims });
  const { payload } = await verified(ocis, answer['id_token']);
  assert.equal(payload['email'], 'alice@example.com');
  assert.equal((await userinfo(ocis, answer['access_token'] ?? '')).body['name'], 'Alice Example');
});

test('a request object by value is taken unsigned, and what it says goes (row 72)', async () => {
  const person = personAt(ocis);
  const { client_id, redirect_uri } = DESKTOP;
  const inside = { ...ask({ state: 'from-inside' }), response_type: 'code' };
  const outside = {
    client_id,
    redirect_uri,
    response_type: 'code',
    scope: 'openid',
    request: unsigned(inside),
  };
  const answer = answerOf(await person.grant(outside));
  assert.equal(answer['state'], 'from-inside');
  assert.equal((await redeem(ocis, answer['code'])).status, 200);
  const differing = { ...outside, request: unsigned({ ...inside, client_id: ANDROID.client_id }) };
  assert.equal(await errorOf(person, differing), 'invalid_request_object');
});

test('a signed request object is checked with the keys of the client that registered them (row 72)', async (t) => {
  const key = await newClientKey('PS256');
  const signer = {
    client_id: 'signer',
    client_secret: 'a-secret-of-some-length-to-keep',
    redirect_uris: ['https://signer.example/cb'],
    jwks: { keys: [key.jwk] },
    consent: 'skip',
  };
  const signet = await startOcis(t, { clients: [signer] });
  const [redirect_uri = ''] = signer.redirect_uris;
  const wish = { client_id: 'signer', redirect_uri, response_type: 'code', scope: 'openid' };
  const claims = { ...wish, state: 'signed', iss: 'signer', aud: signet.issuer, exp: seconds(signet, 60) };
  const answer = answerOf(await personAt(signet).grant({ ...wish, request: await key.sign(claims) }));
  assert.equal(answer['state'], 'signed');
  const stranger = await (await newClientKey('PS256')).sign(claims);
  for (const request of [stranger, unsigned(claims)]) {
    const refused = answerOf(await personAt(signet).authorize({ ...wish, request }));
    assert.equal(refused['error'], 'invalid_request_object');
  }
});

test('request_uri and registration are told not to be supported (row 72)', async () => {
  const person = personAt(ocis);
  assert.equal(
    await errorOf(person, ask({ request_uri: 'https://x.example/r' })),
    'request_uri_not_supported',
  );
  assert.equal(await errorOf(person, ask({ registration: '{}' })), 'registration_not_supported');
});

test('max_age brings auth_time, and a sign-in older than that is repeated (row 73)', async (t) => {
  const signet = await startOcis(t);
  const person = personAt(signet);
  const first = answerOf(await person.grant(askWeb(signet, { response_type: 'id_token', max_age: '60' })));
  const { payload } = await verified(signet, first['id_token']);
  assert.ok(Math.abs(Number(payload['auth_time']) - seconds(signet)) < 10);
  signet.clock.advance(61_000);
  const again = await person.authorize(askWeb(signet, { max_age: '60' }));
  assert.match(again.text, /name="password"/);
});

test('a hint that names another person is login_required (row 73)', async () => {
  const bob = await signIn(personAt(ocis), { response_type: 'id_token' }, BOB);
  const person = personAt(ocis);
  await signIn(person);
  const id_token_hint = bob['id_token'] ?? '';
  assert.equal(await errorOf(person, ask({ id_token_hint, prompt: 'none' })), 'login_required');
});

test('login_hint and user fill in the name (row 73)', async () => {
  for (const hint of [
    { login_hint: 'einstein' },
    { user: 'einstein' },
    { login_hint: 'einstein', user: 'einstein' },
  ]) {
    const page = await personAt(ocis).authorize(ask(hint as Parameters));
    assert.match(page.text, /name="username"[^>]*value="einstein"|value="einstein"[^>]*name="username"/);
  }
  const hostile = await personAt(ocis).authorize(ask({ user: '"><script>alert(1)</script>' }));
  assert.ok(!hostile.text.includes('<script>alert'));
});

test('a person signs in with login name and password; a wrong one and a disabled person are turned away alike (row 84)', async (t) => {
  const signet = await startOcis(t);
  const attempt = async (account: typeof ALICE) => {
    const person = personAt(signet);
    return person.submit(await person.authorize(askWeb(signet)), account);
  };
  assert.ok(answerOf(await attempt(ALICE))['code']);
  const wrong = await attempt({ ...ALICE, password: 'guess' });
  await setDisabled(signet.provider, 'bob', true);
  const disabled = await attempt(BOB);
  assert.deepEqual([wrong.status, disabled.status], [422, 422]);
  const problem = ({ text }: { text: string }) => /id="problem"[^>]*>([\s\S]*?)<\/div>/.exec(text)?.[1];
  assert.match(problem(wrong) ?? '', /\S/);
  assert.equal(problem(wrong), problem(disabled));
});

test('the login page helps people who forgot their password, where there is a place for it (row 84)', async (t) => {
  const plain = await personAt(ocis).authorize(ask());
  assert.doesNotMatch(plain.text, /Forgot your password/);
  const signet = await startOcis(t, { password_reset_uri: 'https://help.example/reset?from=cloud&x=1' });
  const { text } = await personAt(signet).authorize(ask());
  assert.match(
    text,
    /<a href="https:\/\/help\.example\/reset\?from=cloud&amp;x=1">Forgot your password\?<\/a>/,
  );
});

test('where the operator wants it, a mail address does for the login name, if one person alone has it (row 84)', async (t) => {
  const people = [
    { ...ALICE, claims: { email: 'Alice@Example.org' } },
    { ...BOB, claims: { email: 'shared@example.org' } },
    { username: 'carol', password: 'carols-password', claims: { email: 'shared@example.org' } },
    { username: 'alice@other.example', password: 'other-password', claims: { email: 'x@example.org' } },
    { username: 'mallory', password: 'mallorys-password', claims: { email: 'alice@other.example' } },
  ];
  const signet = await startOcis(t, { sign_in_by_email: true, users: people });
  const comesIn = async (at: typeof signet, username: string, password: string) => {
    const person = personAt(at);
    const seen = await person.submit(await person.authorize(askWeb(at)), { username, password });
    return answerOf(seen)['code'] !== undefined;
  };
  assert.ok(await comesIn(signet, 'alice', ALICE.password));
  assert.ok(await comesIn(signet, 'alice@example.ORG', ALICE.password));
  assert.ok(!(await comesIn(signet, 'alice@example.org', 'guess')));
  for (const password of [BOB.password, 'carols-password'])
    assert.ok(!(await comesIn(signet, 'shared@example.org', password)));
  // Nobody's address takes the place of somebody's name.
  assert.ok(await comesIn(signet, 'alice@other.example', 'other-password'));
  assert.ok(!(await comesIn(signet, 'alice@other.example', 'mallorys-password')));
  const plain = await startOcis(t, { users: people });
  assert.ok(!(await comesIn(plain, 'alice@example.org', ALICE.password)));
});

test('failures by mail address and by login name are counted together (row 84)', async (t) => {
  const people = [{ ...ALICE, claims: { email: 'alice@example.org' } }];
  const signet = await startOcis(t, { sign_in_by_email: true, users: people });
  const statuses = [];
  for (const username of [
    'alice',
    'alice@example.org',
    'alice',
    'alice@example.org',
    'alice',
    'alice@example.org',
  ]) {
    const person = personAt(signet);
    const page = await person.authorize(askWeb(signet));
    statuses.push((await person.submit(page, { username, password: 'guess' })).status);
  }
  assert.deepEqual(statuses.slice(0, 4), [422, 422, 422, 422]);
  assert.equal(statuses.at(-1), 429);
});
