import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, type Parameters, type Person, personAt } from '../../support/person.ts';
import { ask, askWeb, redeem, renew, startOcis } from './ocis.ts';

const ocis = await startOcis({ after });
const HOME = `${ocis.issuer}/`;

const logout = (person: Person, parameters: Parameters) =>
  person.visit(`${ocis.url('/logout')}?${new URLSearchParams(parameters).toString()}`);

const isSignedIn = async (person: Person) =>
  answerOf(await person.authorize(askWeb(ocis, { prompt: 'none' })))['code'] !== undefined;

async function signedIn(): Promise<{ person: Person; id_token_hint: string }> {
  const person = personAt(ocis);
  const answer = answerOf(await person.grant(askWeb(ocis, { response_type: 'id_token' })));
  return { person, id_token_hint: answer['id_token'] ?? '' };
}

test('a trusted client with a valid hint ends the session at once and gets its state back (row 55)', async () => {
  const { person, id_token_hint } = await signedIn();
  const seen = await logout(person, { id_token_hint, post_logout_redirect_uri: HOME, state: 'bye' });
  assert.equal(seen.location, `${HOME}?state=bye`);
  assert.equal(await isSignedIn(person), false);
});

test('the end of a session can be asked for by POST too (row 55)', async () => {
  const { person, id_token_hint } = await signedIn();
  const body = new URLSearchParams({ id_token_hint, post_logout_redirect_uri: HOME });
  const seen = await person.follow(await person.visit(ocis.url('/logout'), { method: 'POST', body }));
  assert.equal(seen.location, HOME);
  assert.equal(await isSignedIn(person), false);
});

test('without a hint the person is led to the goodbye page and asked there (row 55)', async () => {
  const { person } = await signedIn();
  const seen = await logout(person, { client_id: 'web', post_logout_redirect_uri: HOME, state: 's' });
  const goodbye = new URL(seen.location ?? '');
  assert.equal(goodbye.origin + goodbye.pathname, `${ocis.issuer}/signin/v1/goodbye`);
  const page = await person.visit(goodbye.href);
  assert.match(page.text, /value="allow"/);
  assert.match(page.text, /ownCloud Web app/);
  assert.ok(await isSignedIn(person));
  const done = await person.submit(page, { decision: 'allow' });
  assert.equal(done.location, `${HOME}?state=s`);
  assert.equal(await isSignedIn(person), false);
});

test('an installed program’s hint does not end the session unasked (row 55)', async () => {
  const { person } = await signedIn();
  const { id_token: id_token_hint = '' } = answerOf(await person.grant(ask({ response_type: 'id_token' })));
  const seen = await logout(person, { id_token_hint });
  assert.match(seen.location ?? '', /\/signin\/v1\/goodbye\?/);
  assert.ok(await isSignedIn(person));
});

test('the goodbye page asks whoever is signed in, and says goodbye to everybody else (row 55)', async () => {
  const { person } = await signedIn();
  const asked = await person.visit(`${ocis.issuer}/signin/v1/goodbye`);
  assert.match(asked.text, /value="allow"/);
  const done = await person.submit(asked, { decision: 'allow' });
  assert.equal(new URL(done.url).pathname, '/signin/v1/goodbye');
  assert.doesNotMatch(done.text, /value="allow"/);
  assert.equal(await isSignedIn(person), false);
});

test('an address that is not registered, and a hint that is none, lead nowhere (row 55)', async () => {
  const { person, id_token_hint } = await signedIn();
  const wishes: readonly Parameters[] = [
    { id_token_hint, post_logout_redirect_uri: 'https://evil.example/' },
    { id_token_hint: 'nonsense', post_logout_redirect_uri: HOME },
    { post_logout_redirect_uri: HOME },
  ];
  for (const wish of wishes) {
    const seen = await logout(person, wish);
    assert.deepEqual([seen.status, seen.location], [400, undefined]);
  }
  assert.ok(await isSignedIn(person));
});

test('what was given for offline use goes on after the browser signed out, the rest ends (row 55)', async () => {
  const { person, id_token_hint } = await signedIn();
  const offline = await redeem(ocis, answerOf(await person.grant(ask()))['code']);
  await logout(person, { id_token_hint });
  assert.equal((await renew(ocis, offline.body['refresh_token'])).status, 200);
});
