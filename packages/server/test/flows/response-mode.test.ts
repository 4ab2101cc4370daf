import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { answerOf, hiddenFields, type Parameters, personAt, request, type Seen } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';

const signet = await startSignet({ after });
const person = personAt(signet);
const ask = (over: Parameters): Promise<Seen> => person.authorize(request(over));
await person.grant(request());

test('code is answered in the query unless the fragment is asked for (OAuth Multiple Response Types §2.1, OIDC Core §3.1.2.5)', async () => {
  const usual = new URL((await ask({})).location ?? '');
  const asked = new URL((await ask({ response_mode: 'fragment' })).location ?? '');
  const named = new URL((await ask({ response_mode: 'query' })).location ?? '');
  assert.ok(usual.searchParams.has('code') && named.searchParams.has('code'));
  assert.equal(asked.search, '');
  assert.match(asked.hash, /^#code=/);
});

test('no token is ever sent in a query, though it is asked for there (OAuth Multiple Response Types §5)', async () => {
  for (const response_type of WEB_APP.response_types.filter((type) => type !== 'code')) {
    const seen = await ask({ response_type, response_mode: 'query' });
    assert.equal(answerOf(seen)['error'], 'invalid_request', response_type);
    assert.equal(new URL(seen.location ?? '').search, '', 'the error travels in the fragment too');
  }
});

test('form_post answers with a page that posts to the client and is kept nowhere (OAuth Form Post §2)', async () => {
  for (const response_type of WEB_APP.response_types) {
    const page = await ask({ response_type, response_mode: 'form_post' });
    assert.equal(page.status, 200);
    assert.match(
      page.text,
      new RegExp(
        `<form[^>]*method="post"[^>]*action="${REDIRECT}"|<form[^>]*action="${REDIRECT}"[^>]*method="post"`,
      ),
    );
    const fields = hiddenFields(page);
    assert.equal(fields['state'], 'state-of-the-client');
    assert.equal(fields['iss'], signet.issuer);
    assert.equal('code' in fields, response_type.includes('code'), response_type);
    assert.equal('id_token' in fields, response_type.includes('id_token'), response_type);
    assert.equal(page.headers.get('cache-control'), 'no-store');
  }
});

test('errors are posted as well when form_post is asked for (OAuth Form Post §2)', async () => {
  const fields = hiddenFields(await ask({ response_mode: 'form_post', prompt: 'none login' }));
  assert.equal(fields['error'], 'invalid_request');
  assert.equal(fields['state'], 'state-of-the-client');
  assert.equal(fields['iss'], signet.issuer);
});

test('a hostile state is posted as it came and nothing of it becomes markup (OAuth Form Post §4)', async () => {
  const state = `"'><script>alert(1)</script>&amp;\u202e=;日本`;
  const page = await ask({ response_mode: 'form_post', state });
  assert.equal(hiddenFields(page)['state'], state);
  assert.ok(!page.text.includes('<script>alert'));
});

test('an unknown response mode is told on a page, because no answer could be read (OIDC Core §3.1.2.6)', async () => {
  for (const response_mode of ['jwt', 'web_message', 'QUERY', 'form-post']) {
    const seen = await ask({ response_mode });
    assert.equal(seen.status, 400, response_mode);
    assert.equal(seen.location, undefined);
    assert.match(seen.text, /invalid_request/);
  }
});

test('state comes back byte for byte, in success and error, in each mode (RFC 6749 §4.1.2, §4.1.2.1, §4.2.2.1)', async () => {
  const states = [
    'a+b c%20d&e=f#g',
    `"<>'\\;`,
    '日本語 🦊 é',
    'x'.repeat(4096),
    '%00%0d%0aSet-Cookie: a=b',
    '=&=&',
    '../..//',
  ];
  const requests: Parameters[] = [
    {},
    { response_type: 'id_token' },
    { prompt: 'none login' },
    { response_type: 'token', scope: 'unknown' },
  ];
  for (const state of states) {
    for (const over of requests) {
      assert.equal(answerOf(await ask({ ...over, state }))['state'], state);
    }
  }
});

test('a request without state is answered without one', async () => {
  const { state: _state, ...without } = request();
  assert.equal('state' in answerOf(await person.authorize(without)), false);
});

test('the issuer stands in every answer, good or bad, in every mode (RFC 9207 §2, §2.3)', async () => {
  const requests: Parameters[] = [
    {},
    { response_type: 'token' },
    { response_type: 'code id_token' },
    { prompt: 'none login' },
    { scope: 'unknown' },
    { response_type: 'unknown' },
    { max_age: 'soon' },
    { response_type: 'token', response_mode: 'query' },
  ];
  const answers = await Promise.all(requests.map(ask));
  assert.ok(answers.every((seen) => answerOf(seen)['iss'] === signet.issuer));
});

test('a query that the redirect URI already has is kept (RFC 6749 §3.1.2)', async (t) => {
  const redirect_uri = 'https://app.example/cb?tenant=a%2Fb&x=';
  const other = await startSignet(t, { clients: [{ ...WEB_APP, redirect_uris: [redirect_uri] }] });
  const seen = await personAt(other).grant(request({ redirect_uri }));
  assert.ok(seen.location?.startsWith(`${redirect_uri}&code=`));
  const fragment = await personAt(other).grant(request({ redirect_uri, response_mode: 'fragment' }));
  assert.ok(fragment.location?.startsWith(`${redirect_uri}#code=`));
});

test('answers are 303 redirects that nobody stores or passes on as a referrer (RFC 9700 §4.12)', async () => {
  const seen = await ask({});
  assert.equal(seen.status, 303);
  assert.equal(seen.headers.get('cache-control'), 'no-store');
  assert.equal(seen.headers.get('referrer-policy'), 'no-referrer');
});

test('session_state is what the check-session page computes from the state cookie (OIDC Session Management §2, §3.2)', async () => {
  const { session_state = '' } = answerOf(await ask({}));
  const [hash, salt = ''] = session_state.split('.');
  const text = `web-app http://127.0.0.1:9000 ${person.cookies.get('signet_state')} ${salt}`;
  assert.equal(hash, createHash('sha256').update(text).digest('hex'));
  assert.notEqual(answerOf(await ask({}))['session_state'], session_state, 'salted anew each time');
  assert.ok(!session_state.includes(' '));
});

test('session_state stops fitting when the person at the browser changes (OIDC Session Management §3.2)', async () => {
  const visitor = personAt(signet);
  await visitor.grant(request());
  const before = visitor.cookies.get('signet_state');
  await visitor.submit(await visitor.visit(signet.url('/logout')), { decision: 'allow' });
  assert.notEqual(visitor.cookies.get('signet_state'), before);
});
