import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { linesTo, openLog } from '../../src/cli/log.ts';
import { newSetupSecret } from '../../src/identity/setup.ts';
import {
  answerOf,
  basic,
  exchange,
  personAt,
  post,
  refresh,
  request,
  tokensFor,
  userinfo,
} from '../support/person.ts';
import { ALICE, BOB, type Ending, SECRET, type Signet, startSignet } from '../support/signet.ts';

type Line = Readonly<Record<string, unknown>>;

/** Signet with a log that the test reads. */
async function logged(
  t: Ending,
  config: Readonly<Record<string, unknown>> = {},
): Promise<{ signet: Signet; text: () => string; lines: () => readonly Line[] }> {
  const stream = new PassThrough({ encoding: 'utf8' });
  let text = '';
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  const log = openLog({ level: 'trace', format: 'json' }, linesTo(stream));
  const signet = await startSignet(t, { log: { level: 'trace', requests: 'all' }, ...config }, { log });
  const lines = (): readonly Line[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Line => JSON.parse(line));
  return { signet, text: () => text, lines };
}

test('a line tells method, route, status, duration, address and client, and bears the name of the request', async (t) => {
  const { signet, lines } = await logged(t);
  const refused = await post(`${signet.url('/token')}?hint=visible`, { grant_type: 'nothing' }, basic());
  const [line] = lines();
  assert.ok(line);
  assert.equal(line['request_id'], refused.headers.get('x-request-id'));
  const { method, route, status, client_address, client_id, error, rule } = line;
  assert.deepEqual(
    { method, route, status, client_address, client_id, error, rule },
    {
      method: 'POST',
      route: '/token',
      status: 400,
      client_address: '127.0.0.1',
      client_id: 'web-app',
      error: 'unsupported_grant_type',
      rule: 'grant-type.unknown',
    },
  );
  assert.equal(typeof line['milliseconds'], 'number');
});

test('what is logged on the way bears the same name as the answer', async (t) => {
  const { signet, lines } = await logged(t);
  const { refresh_token = '' } = await tokensFor(signet);
  await signet.app.close();
  const answer = await refresh(signet, refresh_token);
  assert.equal(answer.status, 503);
  const name = answer.headers.get('x-request-id');
  // What is defined could not be read, the token not be renewed, and so the request was not answered.
  const own = lines().filter((line) => line['request_id'] === name);
  assert.deepEqual(
    own.map((line) => line['level']),
    ['warn', 'error', 'warn'],
  );
});

test('only errors get a line when nothing else is asked for, and none when none is wanted', async (t) => {
  const errors = await logged(t, { log: {} });
  await fetch(errors.signet.url('/jwks'));
  await fetch(errors.signet.url('/nowhere'));
  assert.deepEqual(
    errors.lines().map((line) => [line['route'], line['status']]),
    [['none', 404]],
  );
  const none = await logged(t, { log: { requests: 'none' } });
  await fetch(none.signet.url('/nowhere'));
  assert.deepEqual(none.lines(), []);
});

test('a name for the request is taken from a trusted proxy alone, and only when it is well-formed', async (t) => {
  const named = async (signet: Signet, headers: Record<string, string>): Promise<string | null> =>
    (await fetch(signet.url('/nowhere'), { headers })).headers.get('x-request-id');
  const { signet: open } = await logged(t);
  const { signet: behind } = await logged(t, { trusted_proxies: ['127.0.0.1', '::1'] });
  const given = { 'x-request-id': 'from-the-proxy:1' };
  const trace = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
  assert.notEqual(await named(open, given), 'from-the-proxy:1');
  assert.equal(await named(behind, given), 'from-the-proxy:1');
  assert.equal(await named(behind, trace), '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(await named(behind, { ...given, ...trace }), 'from-the-proxy:1');
  for (const hostile of ['has spaces', '{"a":1}', 'x'.repeat(129), '<b>']) {
    assert.notEqual(await named(behind, { 'x-request-id': hostile }), hostile);
  }
  assert.match(
    (await named(behind, { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` })) ?? '',
    /^[\w-]{16}$/,
  );
});

test('a success of the token endpoint carries no name: it is not worth its time', async (t) => {
  const { signet } = await logged(t);
  const answer = await post(signet.url('/token'), { grant_type: 'client_credentials' }, basic());
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('x-request-id'), null);
  const page = await personAt(signet).authorize(request());
  assert.match(page.headers.get('x-request-id') ?? '', /^[\w-]{16}$/, 'a page has one');
});

/** Goes every way there is and gives back what must never be read in a log. */
async function everyWay(signet: Signet): Promise<readonly string[]> {
  const secrets = [ALICE.password, BOB.password, SECRET, 'alice-has-mistyped-it', 'not-the-secret'];
  const person = personAt(signet);
  const page = await person.authorize(request({ scope: 'openid offline_access' }));
  const wrong = await person.submit(page, { username: 'alice-has-mistyped-it', password: ALICE.password });
  const { code = '' } = answerOf(await person.submit(wrong, ALICE));
  const tokens = await exchange(signet, code);
  await exchange(signet, code);
  const { access_token, refresh_token, id_token } = await tokensFor(signet);
  secrets.push(
    code,
    ...Object.values(tokens.body)
      .map(String)
      .filter((text) => text.length > 30),
  );
  secrets.push(access_token ?? '', refresh_token ?? '', id_token ?? '');
  const second = await refresh(signet, refresh_token ?? '');
  secrets.push(String(second.body['refresh_token']), String(second.body['access_token']));
  await userinfo(signet, access_token ?? '');
  await userinfo(signet, `${access_token}x`);
  await fetch(`${signet.url('/userinfo')}?access_token=${access_token}`);
  await post(signet.url('/introspect'), { token: access_token ?? '' }, basic());
  await post(signet.url('/revoke'), { token: refresh_token ?? '' }, basic());
  await post(signet.url('/token'), { grant_type: 'client_credentials' }, basic('web-app', 'not-the-secret'));
  await post(signet.url('/token'), {
    grant_type: 'client_credentials',
    client_id: 'web-app',
    client_secret: SECRET,
  });
  const implicit = await person.authorize(request({ response_type: 'code id_token token' }));
  secrets.push(...Object.values(answerOf(implicit)).filter((text) => text.length > 30));
  await person.authorize(request({ id_token_hint: id_token ?? '', prompt: 'none' }));
  await person.authorize(request({ redirect_uri: 'http://127.0.0.1:9000/elsewhere', login_hint: 'alice' }));
  await person.visit(`${signet.url('/logout')}?id_token_hint=${id_token}`);
  const token = (await newSetupSecret(signet.provider)) ?? '';
  await person.visit(`${signet.url('/setup')}?token=${token}`);
  await fetch(signet.url(`/reset/${access_token}`));
  await signet.app.close();
  await refresh(signet, String(second.body['refresh_token']));
  await personAt(signet).authorize(request({ login_hint: 'somebody@example.com' }));
  return [...secrets, token, ...person.cookies.values()].filter((text) => text.length > 6);
}

test('the whole log of every way, in all detail, holds no password, secret, code, token, cookie or query', async (t) => {
  const { signet, text, lines } = await logged(t);
  const secrets = await everyWay(signet);
  assert.ok(secrets.length > 20, `${secrets.length} secrets were looked for`);
  assert.ok(lines().length > 25, `${lines().length} lines were written`);
  for (const secret of secrets) {
    assert.ok(!text().includes(secret), `${secret} stands in the log`);
    assert.ok(!text().includes(encodeURIComponent(secret)), `${secret} stands in the log`);
  }
  assert.doesNotMatch(text(), /\?[a-z_]+=/, 'no query');
});
