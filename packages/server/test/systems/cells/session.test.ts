import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerOf,
  claimsOf,
  hiddenFields,
  type Parameters,
  type Person,
  pkce,
  type Seen,
} from '../../support/person.ts';
import { ALICE } from '../../support/signet.ts';
import {
  asked,
  authorizeUrl,
  bearer,
  type Cells,
  CLI_CALLBACK,
  CURL,
  call,
  codeFor,
  exchange,
  startCells,
  userinfo,
  visitorOf,
} from './cells.ts';

const SESSION = '/a/frontend/session';

const credentials = (over: Parameters = {}) => ({
  AuthInfo: { type: 'credentials', login: ALICE.username, password: ALICE.password, ...over },
  ClientTime: 1_700_000_000,
});

type Answer = Readonly<{ status: number; body: Record<string, unknown>; headers: Headers }>;

/** The same browser's request for the session. */
async function ask(
  person: Person,
  cells: Cells,
  [method, body, headers = {}]: readonly [method: string, body?: unknown, headers?: Record<string, string>],
): Promise<Answer> {
  const seen: Seen = await person.visit(cells.site + SESSION, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: seen.status, body: JSON.parse(seen.text), headers: seen.headers };
}

type Token = Readonly<{ AccessToken: string; IDToken: string; ExpiresAt: string }>;
const tokenOf = ({ body }: Pick<Answer, 'body'>): Token => body['Token'] as Token;

test('a password brings JWT, ExpireTime and Token, as the Go and Java programs read them (row 37)', async (t) => {
  const cells = await startCells(t);
  const now = Math.floor(Date.now() / 1000);
  const { status, headers, body } = await call(cells, ['POST', SESSION], credentials({ client_id: 'x' }));
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual(Object.keys(body).sort(), ['ExpireTime', 'JWT', 'Token']);
  const { AccessToken, IDToken, ExpiresAt } = tokenOf({ body });
  assert.equal(AccessToken, body['JWT']);
  assert.equal(ExpiresAt, String(body['ExpireTime']));
  assert.ok(Math.abs(Number(body['ExpireTime']) - now - 600) < 30);
  assert.equal(claimsOf(IDToken)['name'], 'alice');
  assert.deepEqual(claimsOf(IDToken)['aud'], ['cells-frontend']);
  const state = await call(cells, ['GET', '/a/frontend/state'], undefined, bearer(AccessToken));
  assert.match(state.text, /<user id="alice"/);
});

test('a wrong password, an unknown name and a missing one are 401 with nothing to tell them apart (row 37)', async (t) => {
  const cells = await startCells(t);
  const wrong = await call(cells, ['POST', SESSION], credentials({ password: 'wrong' }));
  const nobody = await call(cells, ['POST', SESSION], credentials({ login: 'nobody' }));
  assert.equal(wrong.status, 401);
  assert.deepEqual(nobody.body, wrong.body);
  assert.deepEqual(Object.keys(wrong.body).sort(), ['Code', 'Detail', 'Title']);
  assert.equal(nobody.status, 401);
  assert.equal((await call(cells, ['POST', SESSION], credentials({ login: '' }))).status, 401);
  assert.equal((await call(cells, ['POST', SESSION], { AuthInfo: { type: 'credentials' } })).status, 401);
});

test('a challenge with a password leads to the client with code and state, which is redeemed as ever (row 37)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  const { location = '' } = await person.visit(authorizeUrl(cells, asked()));
  const challenge = new URL(location).searchParams.get('login_challenge') ?? '';
  const refused = await ask(person, cells, ['POST', credentials({ challenge, password: 'wrong' })]);
  assert.equal(refused.status, 401);
  const { status, body } = await ask(person, cells, ['POST', credentials({ challenge })]);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ['RedirectTo']);
  const { code = '', state } = answerOf({ location: String(body['RedirectTo']) } as Seen);
  assert.ok(String(body['RedirectTo']).startsWith(`${CLI_CALLBACK}?`));
  assert.equal(state, asked()['state']);
  assert.equal((await exchange(cells, code)).status, 200);
});

test('a session that is there answers a challenge without a password (row 37)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  await ask(person, cells, ['POST', credentials()]);
  const sync = asked({ client_id: 'cells-sync', redirect_uri: 'http://localhost:3636', prompt: 'login' });
  const { location = '' } = await person.visit(authorizeUrl(cells, asked()));
  assert.ok(location.startsWith(CLI_CALLBACK), 'the session of the cookie is that of the login page');
  const again = await person.visit(authorizeUrl(cells, sync));
  const challenge = new URL(again.location ?? '').searchParams.get('login_challenge') ?? '';
  const external = { AuthInfo: { type: 'external', challenge } };
  // The client asked for a new proof, so the person is led to the page where one is given.
  const page = await ask(person, cells, ['POST', external]);
  assert.match(String(page.body['RedirectTo']), /\/oauth2\/login\?login_challenge=/);
  const stranger = visitorOf(cells);
  assert.equal((await ask(stranger, cells, ['POST', external])).status, 403);
  const silent = visitorOf(cells);
  const waiting = await silent.visit(authorizeUrl(cells, asked()));
  const own = new URL(waiting.location ?? '').searchParams.get('login_challenge') ?? '';
  const nobody = { AuthInfo: { type: 'external', challenge: own } };
  assert.equal((await ask(silent, cells, ['POST', nobody])).status, 401);
  await ask(silent, cells, ['POST', credentials()]);
  const { body } = await ask(silent, cells, ['POST', nobody]);
  assert.ok(answerOf({ location: String(body['RedirectTo']) } as Seen)['code']);
});

test('a challenge whose answer is posted, or needs a consent, leads to the page where that is done (row 37)', async (t) => {
  const asking = { ...CURL, client_id: 'asking', consent: 'always' };
  const cells = await startCells(t, { clients: [asking] });
  const person = visitorOf(cells);
  const redirectFor = async (wish: Parameters): Promise<Seen> => {
    const { location = '' } = await person.visit(authorizeUrl(cells, asked({ prompt: 'login', ...wish })));
    const challenge = new URL(location).searchParams.get('login_challenge') ?? '';
    const { body } = await ask(person, cells, ['POST', credentials({ challenge })]);
    return person.visit(String(body['RedirectTo']));
  };
  const form = await redirectFor({ response_mode: 'form_post' });
  assert.match(form.text, /<form[^>]*action="http:\/\/localhost:3000\/servers\/callback"/);
  const fields = hiddenFields(form);
  assert.equal((await exchange(cells, fields['code'] ?? '')).status, 200);
  const consent = await redirectFor({ client_id: 'asking', redirect_uri: 'http://localhost:9000/cb' });
  const allowed = await person.submit(consent, { decision: 'allow' });
  assert.ok(answerOf(allowed)['code']);
});

test('a challenge of another browser, a spoilt one and a missing one are refused without spending the password (row 37)', async (t) => {
  const cells = await startCells(t);
  const { location = '' } = await visitorOf(cells).visit(authorizeUrl(cells, asked()));
  const challenge = new URL(location).searchParams.get('login_challenge') ?? '';
  const person = visitorOf(cells);
  assert.equal((await ask(person, cells, ['POST', credentials({ challenge })])).status, 403);
  assert.equal((await ask(person, cells, ['POST', credentials({ challenge: 'spoilt' })])).status, 400);
  assert.equal((await ask(person, cells, ['POST', { AuthInfo: { type: 'external' } }])).status, 400);
  assert.deepEqual((await ask(person, cells, ['GET'])).body, {});
});

test('the cookie of the session gives the front end tokens, and new ones when it asks (row 37)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  assert.deepEqual((await ask(person, cells, ['GET'])).body, {});
  assert.equal((await ask(person, cells, ['POST', { AuthInfo: { type: 'refresh' } }])).status, 401);
  const first = await ask(person, cells, ['POST', credentials()]);
  const loaded = await ask(person, cells, ['GET']);
  assert.equal((await userinfo(cells, tokenOf(loaded).AccessToken)).body['name'], 'alice');
  const renewed = await ask(person, cells, ['POST', { AuthInfo: { type: 'refresh' } }]);
  assert.notEqual(renewed.body['JWT'], first.body['JWT']);
  assert.equal((await userinfo(cells, String(renewed.body['JWT']))).status, 200);
  const plain = await ask(person, cells, ['POST', {}]);
  assert.equal((await userinfo(cells, String(plain.body['JWT']))).status, 200);
});

test('the front end exchanges its own code with a verifier, and nobody else’s (row 37)', async (t) => {
  const cells = await startCells(t);
  const { code_verifier, challenge } = pkce();
  const wish = { client_id: 'cells-frontend', redirect_uri: `${cells.site}/auth/callback`, ...challenge };
  const code = await codeFor(cells, asked(wish));
  const send = (info: Parameters) =>
    call(cells, ['POST', SESSION], { AuthInfo: { type: 'authorization_code', ...info } });
  assert.equal((await send({ code })).status, 400);
  const { status, body } = await send({ code, code_verifier });
  assert.equal(status, 200);
  assert.equal(claimsOf(tokenOf({ body }).IDToken)['name'], 'alice');
  assert.equal((await send({ code, code_verifier })).status, 400);
  assert.equal((await send({ code: await codeFor(cells) })).status, 400);
  assert.equal((await send({})).status, 400);
});

test('type logout and DELETE both end the session with its tokens and take the cookie back (row 38)', async (t) => {
  const cells = await startCells(t);
  const ends: readonly ((person: Person) => Promise<Answer>)[] = [
    (person) => ask(person, cells, ['POST', { AuthInfo: { type: 'logout' } }]),
    (person) => ask(person, cells, ['POST', { Logout: true }]),
    (person) => ask(person, cells, ['DELETE']),
  ];
  for (const end of ends) {
    const person = visitorOf(cells);
    const { body } = await ask(person, cells, ['POST', credentials()]);
    const other = await call(cells, ['POST', SESSION], credentials());
    const before = [...person.cookies.values()];
    const left = await end(person);
    assert.equal(left.status, 200);
    assert.ok(left.headers.getSetCookie().some((cookie) => /max-age=0/i.test(cookie)));
    assert.equal((await userinfo(cells, String(body['JWT']))).status, 401);
    assert.deepEqual((await ask(person, cells, ['GET'])).body, {});
    // Neither does the old cookie work any more, nor did the person’s other session end.
    for (const [index, name] of [...person.cookies.keys()].entries())
      person.cookies.set(name, before[index] ?? '');
    assert.deepEqual((await ask(person, cells, ['GET'])).body, {});
    assert.equal((await userinfo(cells, String(other.body['JWT']))).status, 200);
  }
});

test('pages of other sites may neither read the session nor begin or end one (rows 37, 38)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  await ask(person, cells, ['POST', credentials()]);
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  for (const [method, body] of [['GET'], ['POST', credentials()], ['DELETE']] as const) {
    const refused = await ask(person, cells, [method, body, foreign]);
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
  }
  // A form of another site can send no JSON, and what it can send is refused.
  const form = await call(cells, ['POST', SESSION], JSON.stringify(credentials()), {
    'content-type': 'text/plain',
  });
  assert.equal(form.status, 415);
  const preflight = await call(cells, ['OPTIONS', SESSION], undefined, { origin: 'https://evil.example' });
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
  assert.ok(tokenOf(await ask(person, cells, ['GET'])).AccessToken);
});

test('input that is malformed, oversized or hostile is told so in the shape of Cells (row 37)', async (t) => {
  const cells = await startCells(t);
  const bodies = [
    'not json',
    '[]',
    '"text"',
    'null',
    '{"AuthInfo": []}',
    '{"AuthInfo": {"type": 1}}',
    '{"AuthInfo": {"type": "unheard of"}}',
    '{"AuthInfo": {"type": "constructor"}}',
    '{"AuthInfo": {"type": "__proto__"}}',
    '{"AuthInfo": {"type": "credentials", "login": "a\\u0000b", "password": "x"}}',
    '{"AuthInfo": {"type": "credentials", "login": "\\ud800", "password": "x"}}',
    '{"Logout": "yes"}',
    '['.repeat(30_000),
  ];
  for (const body of bodies) {
    const { status, body: told, text } = await call(cells, ['POST', SESSION], body);
    assert.equal(status, 400, body.slice(0, 80));
    assert.deepEqual(Object.keys(told).sort(), ['Code', 'Detail', 'Title']);
    assert.doesNotMatch(text, /unheard of|constructor/);
  }
  const large = await call(cells, ['POST', SESSION], `{"AuthInfo": {"type": "${'x'.repeat(70_000)}"}}`);
  assert.equal(large.status, 413);
  assert.equal(large.body['Code'], 'too.large');
  const put = await call(cells, ['PUT', SESSION], {});
  assert.equal(put.status, 405);
  assert.equal(put.headers.get('allow'), 'GET, POST, DELETE');
  const { body: own } = await call(cells, ['POST', SESSION], credentials());
  const elsewhere = (headers = {}) => call(cells, ['GET', '/a/config/ctl'], undefined, headers);
  assert.equal((await elsewhere()).status, 401);
  const nowhere = await elsewhere(bearer(String(own['JWT'])));
  assert.equal(nowhere.status, 404);
  assert.equal(nowhere.body['Code'], 'not.found');
});
