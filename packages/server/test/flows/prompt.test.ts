import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, claimsOf, personAt, request, type Seen } from '../support/person.ts';
import { ALICE, BOB, startSignet, WEB_APP } from '../support/signet.ts';

const CAREFUL = { ...WEB_APP, client_id: 'careful', consent: 'remember' };
const signet = await startSignet(
  { after },
  { clients: [WEB_APP, CAREFUL, { ...CAREFUL, client_id: 'unknown-yet' }] },
);

const isLogin = (page: Seen): boolean => page.status === 200 && page.text.includes('name="password"');
const isConsent = (page: Seen): boolean =>
  page.status === 200 && page.text.includes('name="decision" value="allow"');
const signedIn = async () => {
  const person = personAt(signet);
  await person.grant(request());
  return person;
};

test('prompt=none never shows a page: without a session it is login_required (OIDC Core §3.1.2.1, §3.1.2.6)', async () => {
  const seen = await personAt(signet).authorize(request({ prompt: 'none' }));
  assert.equal(answerOf(seen)['error'], 'login_required');
  assert.equal(seen.status, 303);
});

test('prompt=none without consent is consent_required, and is answered once it is given (OIDC Core §3.1.2.4, §3.1.2.6)', async () => {
  const person = await signedIn();
  const silent = request({ client_id: 'careful', prompt: 'none' });
  assert.equal(answerOf(await person.authorize(silent))['error'], 'consent_required');
  await person.grant(request({ client_id: 'careful' }));
  assert.ok(answerOf(await person.authorize(silent))['code']);
});

test('prompt=none goes with nothing else, and unknown prompts are refused (OIDC Core §3.1.2.1)', async () => {
  const person = await signedIn();
  for (const prompt of [
    'none login',
    'login none',
    'consent none',
    'none select_account',
    'NONE',
    'login,consent',
    'create',
  ]) {
    assert.equal(answerOf(await person.authorize(request({ prompt })))['error'], 'invalid_request', prompt);
  }
});

test('prompt=login asks for the password though somebody is signed in (OIDC Core §3.1.2.3)', async () => {
  const person = await signedIn();
  const page = await person.authorize(request({ prompt: 'login' }));
  assert.ok(isLogin(page));
  assert.match(page.text, /value="alice"/);
  assert.ok(answerOf(await person.submit(page, ALICE))['code']);
});

test('prompt=login is not answered by going Back, reloading or asking again (OIDC Core §3.1.2.3)', async () => {
  const person = await signedIn();
  const page = await person.authorize(request({ prompt: 'login' }));
  assert.ok(isLogin(await person.visit(page.url)));
  assert.ok(isLogin(await person.authorize(request({ prompt: 'login' }))));
});

test('prompt=consent asks though consent is remembered or never needed (OIDC Core §3.1.2.4)', async () => {
  const person = await signedIn();
  for (const client_id of ['web-app', 'careful']) {
    await person.grant(request({ client_id }));
    const page = await person.authorize(request({ client_id, prompt: 'consent' }));
    assert.ok(isConsent(page), client_id);
    assert.ok(answerOf(await person.submit(page, { decision: 'allow' }))['code']);
  }
});

test('login and consent may be asked for together, in this order', async () => {
  const person = await signedIn();
  const login = await person.authorize(request({ prompt: 'consent login' }));
  assert.ok(isLogin(login));
  const consent = await person.submit(login, ALICE);
  assert.ok(isConsent(consent));
  assert.ok(answerOf(await person.submit(consent, { decision: 'allow' }))['code']);
});

test('prompt=select_account lets the person choose among the accounts at the browser (OIDC Core §3.1.2.1)', async () => {
  const person = await signedIn();
  await person.grant(request({ prompt: 'login' }), BOB);
  const page = await person.authorize(request({ prompt: 'select_account', response_type: 'id_token' }));
  assert.match(page.text, /alice[\s\S]*bob|bob[\s\S]*alice/);
  const keys = [...page.text.matchAll(/name="account" value="([^"]+)"/g)].map(([, key = '']) => key);
  assert.equal(keys.length, 3, 'two accounts and another one');
  const subjects = [];
  for (const account of keys.slice(0, 2)) {
    subjects.push(claimsOf(answerOf(await person.submit(page, { account }))['id_token'] ?? '')['sub']);
  }
  assert.equal(new Set(subjects).size, 2);
});

test('whoever signs in for a request that asks for an account has chosen one by it', async () => {
  const person = personAt(signet);
  const page = await person.authorize(request({ prompt: 'select_account' }));
  assert.ok(isLogin(page));
  assert.ok(answerOf(await person.submit(page, ALICE))['code']);
});

test('another account of the chooser leads to the login page and no further without a password', async () => {
  const person = await signedIn();
  const page = await person.authorize(request({ prompt: 'select_account' }));
  const login = await person.submit(page, { account: 'other' });
  assert.ok(isLogin(login));
  assert.ok(isLogin(await person.visit(login.url)));
  assert.ok(answerOf(await person.submit(login, BOB))['code']);
});

test('denying is told to the client as access_denied, on the login page as on the consent page (RFC 6749 §4.1.2.1)', async () => {
  const person = personAt(signet);
  const login = await person.authorize(request({ client_id: 'unknown-yet' }));
  assert.equal(answerOf(await person.submit(login, { decision: 'deny' }))['error'], 'access_denied');
  const consent = await person.submit(login, ALICE);
  const answer = answerOf(await person.submit(consent, { decision: 'deny' }));
  assert.equal(answer['error'], 'access_denied');
  assert.equal(answer['state'], 'state-of-the-client');
});

test('consent is asked again when a request goes beyond what was allowed (OIDC Core §3.1.2.4)', async () => {
  const person = await signedIn();
  await person.grant(request({ client_id: 'careful', scope: 'openid email' }));
  const narrower = await person.authorize(request({ client_id: 'careful', scope: 'openid' }));
  assert.ok(answerOf(narrower)['code']);
  assert.ok(isConsent(await person.authorize(request({ client_id: 'careful', scope: 'openid phone' }))));
});
