import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, personAt, request, tokensFor, userinfo } from '../support/person.ts';
import { ALICE, BOB, startSignet, WEB_APP } from '../support/signet.ts';
import { newClientKey, unsigned, verified } from '../support/tokens.ts';

const OTHER = { ...WEB_APP, client_id: 'other', userinfo_signed_response_alg: 'ES256' };
const signet = await startSignet({ after }, { clients: [WEB_APP, OTHER] });

/** An ID token of web-app for that person, and the browser they are signed in at. */
async function signedIn(account = ALICE, client_id = 'web-app') {
  const person = personAt(signet);
  const { id_token = '' } = answerOf(
    await person.grant(request({ client_id, response_type: 'id_token' }), account),
  );
  return { person, id_token };
}
const { person: alice, id_token: ofAlice } = await signedIn();
const { person: bob, id_token: ofBob } = await signedIn(BOB);

test('id_token_hint of the person who is signed in is answered silently (OIDC Core §3.1.2.1)', async () => {
  const answer = answerOf(await alice.authorize(request({ prompt: 'none', id_token_hint: ofAlice })));
  assert.ok(answer['code']);
});

test('id_token_hint of somebody else is login_required, never an answer for the one at the keyboard (OIDC Core §3.1.2.2)', async () => {
  const silent = answerOf(await bob.authorize(request({ prompt: 'none', id_token_hint: ofAlice })));
  assert.equal(silent['error'], 'login_required');
  const page = await bob.authorize(request({ id_token_hint: ofAlice }));
  assert.match(page.text, /name="password"/);
  const wrong = answerOf(await bob.submit(page, BOB));
  assert.equal(wrong['error'], 'login_required');
});

test('after id_token_hint the right person may sign in on the page (OIDC Core §3.1.2.1)', async () => {
  const visitor = personAt(signet);
  await visitor.grant(request(), BOB);
  const page = await visitor.authorize(request({ id_token_hint: ofAlice, response_type: 'id_token' }));
  const { id_token } = answerOf(await visitor.submit(page, ALICE));
  assert.equal((await verified(signet, id_token)).payload.sub, (await verified(signet, ofAlice)).payload.sub);
});

test('an expired ID token is still a good hint (OIDC Core §3.1.2.2)', async () => {
  signet.clock.advance(3_600_000);
  await assert.rejects(verified(signet, ofAlice), /exp/);
  assert.ok(answerOf(await alice.authorize(request({ prompt: 'none', id_token_hint: ofAlice })))['code']);
});

test('a hint that is no ID token of this provider for this client is refused (OIDC Core §3.1.2.2)', async () => {
  const { payload } = await verified(signet, ofBob, { currentDate: new Date(0) });
  const key = await newClientKey('ES256');
  const { access_token = '' } = await tokensFor(signet);
  const other = await tokensForOther();
  const hints = {
    'of another client': (await signedIn(ALICE, 'other')).id_token,
    garbage: 'garbage',
    unsigned: unsigned(payload),
    'signed by somebody else': await key.sign(payload),
    altered: `${ofBob.slice(0, -4)}AAAA`,
    'an access token': access_token,
    'a signed userinfo answer': other,
  };
  for (const [what, id_token_hint] of Object.entries(hints)) {
    const answer = answerOf(
      await bob.authorize(
        request({ id_token_hint, client_id: what.includes('userinfo') ? 'other' : 'web-app' }),
      ),
    );
    assert.equal(answer['error'], 'invalid_request', what);
  }
});

async function tokensForOther(): Promise<string> {
  const { access_token = '' } = answerOf(
    await bob.authorize(request({ client_id: 'other', response_type: 'token' })),
  );
  return String((await userinfo(signet, access_token)).body['text']);
}

test('a request for a particular sub is answered for nobody else (OIDC Core §5.5.1, §3.1.2.2)', async () => {
  const { payload } = await verified(signet, ofAlice, { currentDate: new Date(0) });
  const claims = (sub: unknown, part = 'id_token') => JSON.stringify({ [part]: { sub } });
  const ask = async (person: typeof alice, text: string) =>
    answerOf(await person.authorize(request({ prompt: 'none', claims: text })));
  assert.ok((await ask(alice, claims({ value: payload.sub })))['code']);
  assert.ok((await ask(alice, claims({ values: ['x', payload.sub] })))['code']);
  assert.ok((await ask(alice, claims({ essential: true })))['code']);
  assert.equal((await ask(bob, claims({ value: payload.sub })))['error'], 'login_required');
  assert.equal((await ask(bob, claims({ values: [payload.sub] })))['error'], 'login_required');
  assert.equal((await ask(bob, claims({ value: payload.sub }, 'userinfo')))['error'], 'login_required');
});

test('a hint and a request for another sub cannot both be met (OIDC Core §3.1.2.2)', async () => {
  const { payload } = await verified(signet, ofBob, { currentDate: new Date(0) });
  const claims = JSON.stringify({ id_token: { sub: { value: payload.sub } } });
  const answer = answerOf(await alice.authorize(request({ prompt: 'none', id_token_hint: ofAlice, claims })));
  assert.equal(answer['error'], 'login_required');
});

test('login_hint fills in the name and decides nothing (OIDC Core §3.1.2.1)', async () => {
  const page = await personAt(signet).authorize(request({ login_hint: '"><b>bob@example.com' }));
  assert.match(page.text, /value="&quot;&gt;&lt;b&gt;bob@example\.com"/);
  assert.ok(answerOf(await alice.authorize(request({ prompt: 'none', login_hint: 'bob' })))['code']);
});

test('ui_locales chooses the language where there is one, and is no error where there is none (OIDC Core §3.1.2.1, §5.2)', async () => {
  const german = await personAt(signet).authorize(request({ ui_locales: 'xx-YY de-AT en' }));
  assert.match(german.text, /<html lang="de"/);
  const none = await personAt(signet).authorize(request({ ui_locales: 'tlh ###' }));
  assert.match(none.text, /<html lang="en"/);
});

test('display and unknown parameters change nothing (OIDC Core §3.1.2.1, RFC 6749 §3.1)', async () => {
  const over = { display: 'hologram', hd: 'example.com', 'x-vendor[]': '1', claims_locales: 'de' };
  assert.ok(answerOf(await alice.authorize(request({ ...over, prompt: 'none' })))['code']);
});

test('acr_values is a wish: what was reached is told, and nothing is refused (OIDC Core §3.1.2.1, §5.5.1.1)', async () => {
  const answer = answerOf(
    await alice.authorize(request({ response_type: 'id_token', acr_values: 'urn:mace:gold phr' })),
  );
  const { payload } = await verified(signet, answer['id_token']);
  assert.equal(payload['acr'], 'urn:signet:acr:password');
  assert.deepEqual(payload['amr'], ['pwd']);
});

test('an essential acr that cannot be reached fails before anybody is bothered, and is never faked (OIDC Core §5.5.1.1)', async () => {
  const claims = (acr: unknown) => JSON.stringify({ id_token: { acr } });
  const ask = async (acr: unknown) =>
    answerOf(await personAt(signet).authorize(request({ claims: claims(acr) })));
  assert.equal((await ask({ essential: true, value: 'gold' }))['error'], 'unmet_authentication_requirements');
  assert.equal(
    (await ask({ essential: true, values: ['gold', 'silver'] }))['error'],
    'unmet_authentication_requirements',
  );
  const possible = { essential: true, values: ['gold', 'urn:signet:acr:password'] };
  const met = await alice.authorize(request({ prompt: 'none', claims: claims(possible) }));
  assert.ok(answerOf(met)['code']);
  const voluntary = await alice.authorize(request({ prompt: 'none', claims: claims({ value: 'gold' }) }));
  assert.ok(answerOf(voluntary)['code']);
});
