import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, hiddenFields, type Person, post, tokensFor } from '../support/person.ts';
import { ALICE, type Signet, SPA, USERS, WEB_APP } from '../support/signet.ts';
import { json, signet } from './here.ts';
import { configured, type Given, type Running, serving } from './program.ts';

const CONFIG = { clients: [WEB_APP, SPA], users: USERS };
const REQUEST = {
  client_id: 'web-app',
  redirect_uri: WEB_APP.redirect_uris[0] ?? '',
  response_type: 'code',
  scope: 'openid email offline_access',
};

/** What is looked at when tokens are fetched. */
const asSignet = (server: Running): Signet => server as unknown as Signet;

const introspect = async (server: Running, token: string): Promise<unknown> =>
  (await post(server.url('/introspect'), { token }, basic())).body['active'];

const isSignedIn = async (person: Person): Promise<boolean> => {
  const seen = await person.authorize({ ...REQUEST, prompt: 'none' });
  return answerOf(seen)['code'] !== undefined;
};

const clientCredentials = (server: Running, id: string, secret: string) =>
  post(server.url('/token'), { grant_type: 'client_credentials' }, basic(id, secret));

test('a client that is created, changed or deleted while the server runs counts at once', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  assert.equal((await clientCredentials(server, 'job', 'none-yet')).status, 401);
  const made = await json(['client', 'create', '--type', 'service', '--id', 'job'], given);
  const secret = String(made['client_secret']);
  assert.equal((await clientCredentials(server, 'job', secret)).status, 200);
  const rotated = await json(['client', 'rotate-secret', 'job'], given);
  assert.equal((await clientCredentials(server, 'job', secret)).status, 401);
  assert.equal((await clientCredentials(server, 'job', String(rotated['client_secret']))).status, 200);
  await json(['client', 'delete', 'job', '--yes'], given);
  assert.equal((await clientCredentials(server, 'job', String(rotated['client_secret']))).status, 401);
});

test('what a deleted client was given is dead at once', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const person = server.person();
  const { redirect_uri, ...request } = REQUEST;
  const code = answerOf(await person.grant({ ...request, redirect_uri }))['code'] ?? '';
  const tokens = await post(
    server.url('/token'),
    { grant_type: 'authorization_code', code, redirect_uri },
    basic(),
  );
  const second = { ...WEB_APP, client_id: 'watcher' };
  const input = JSON.stringify({ ...second, introspection_audiences: [server.issuer] });
  await json(['client', 'create', '--file', '-'], { ...given, input });
  await json(['client', 'delete', 'web-app', '--yes'], given);
  const watcher = basic('watcher');
  const { body } = await post(
    server.url('/introspect'),
    { token: String(tokens.body['access_token']) },
    watcher,
  );
  assert.deepEqual(body, { active: false });
});

test('a user who is created can sign in, and one who is disabled has nothing any more', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const account = { username: 'carol', password: 'tree-house-lantern' };
  await json(['user', 'create', 'carol', '--password-stdin'], { ...given, input: account.password });
  const carol = server.person();
  assert.match(answerOf(await carol.grant(REQUEST, account))['code'] ?? '', /^sgac_/);
  const alice = server.person();
  const tokens = await tokensFor(asSignet(server), { scope: REQUEST.scope }, alice);
  assert.equal(await introspect(server, tokens['access_token'] ?? ''), true);
  assert.equal(await isSignedIn(alice), true);
  await json(['user', 'disable', 'alice'], given);
  assert.equal(await introspect(server, tokens['access_token'] ?? ''), false);
  assert.equal(await isSignedIn(alice), false);
  const form = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '' };
  assert.equal((await post(server.url('/token'), form, basic())).body['error'], 'invalid_grant');
  assert.equal(await isSignedIn(carol), true);
});

test('a new password ends what the old one opened', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const alice = server.person();
  const tokens = await tokensFor(asSignet(server), { scope: REQUEST.scope }, alice);
  await json(['user', 'set-password', 'alice', '--password-stdin'], {
    ...given,
    input: 'tree-house-lantern',
  });
  assert.equal(await introspect(server, tokens['access_token'] ?? ''), false);
  assert.equal(await isSignedIn(alice), false);
  const seen = await server.person().grant(REQUEST, { username: 'alice', password: 'tree-house-lantern' });
  assert.match(answerOf(seen)['code'] ?? '', /^sgac_/);
});

test('user sessions lists where somebody is signed in, and --end ends it', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const alice = server.person();
  await alice.grant(REQUEST, ALICE);
  const [session] = (await json(['user', 'sessions', 'alice'], given)) as unknown as Record<
    string,
    unknown
  >[];
  assert.match(String(session?.['sid']), /^\S{10,}$/);
  assert.match(String(session?.['signed_in_at']), /^\d{4}-/);
  assert.deepEqual(await json(['user', 'sessions', 'alice', '--end'], given), {
    user: 'alice',
    signed_out: true,
  });
  assert.equal(await isSignedIn(alice), false);
  assert.deepEqual(await json(['user', 'sessions', 'alice'], given), []);
});

test('a browser that calls itself by control characters does not move the terminal', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const person = server.person();
  const page = await person.authorize(REQUEST);
  const action = /<form[^>]* action="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const body = new URLSearchParams({ ...hiddenFields(page), ...ALICE });
  const headers = { 'user-agent': 'x\u009b31mred' };
  await person.visit(new URL(action, page.url).href, { method: 'POST', body, headers });
  const { stdout } = await signet(['user', 'sessions', 'alice'], given);
  assert.match(stdout, /x\\u009b31mred/);
});

/** A refusal is stored after it was answered, so it is asked for until it is there. */
async function explained(reference: string, given: Given, ...more: string[]) {
  for (let times = 0; times < 50; times += 1) {
    const found = await signet(['explain', reference, ...more], given);
    if (found.code !== 3) return found;
  }
  return assert.fail(`There is no refusal ${reference}.`);
}

const kidsAt = async (server: Running): Promise<readonly string[]> => {
  const response = await fetch(server.url('/jwks'));
  return ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};

test('a key that is rotated is published at once, and with --now signs at once', async (t) => {
  const given: Given & { issuer: string } = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const [first = ''] = await kidsAt(server);
  const next = (await signet(['key', 'rotate', '-q'], given)).stdout.trim();
  const again = await signet(['key', 'rotate'], given);
  assert.equal(again.code, 4, 'one waits for its time already');
  const kid = (await signet(['key', 'rotate', '--now', '-q'], given)).stdout.trim();
  assert.deepEqual((await kidsAt(server)).toSorted(), [first, next, kid].toSorted());
  const { body } = await clientCredentials(server, 'web-app', WEB_APP.client_secret);
  const header = JSON.parse(
    Buffer.from(String(body['access_token']).split('.')[0] ?? '', 'base64url').toString(),
  );
  assert.equal(header.kid, kid);
  const keys = (await json(['key', 'list'], given)) as unknown as Record<string, unknown>[];
  assert.deepEqual(
    keys.map((key) => [key['kid'], key['state']]),
    [
      [first, 'former'],
      [next, 'next'],
      [kid, 'current'],
    ],
  );
  const other = await signet(['key', 'rotate', '--alg', 'RS256', '-q'], given);
  assert.ok((await kidsAt(server)).includes(other.stdout.trim()));
});

test('where there is no key yet, key rotate makes the first one', async (t) => {
  const given = await configured(t, { signing_algorithm: 'EdDSA' });
  await json(['client', 'create', '--type', 'service'], given);
  assert.deepEqual(await json(['key', 'list'], given), []);
  const [made] = (await json(['key', 'rotate'], given)) as unknown as Record<string, unknown>[];
  assert.equal(made?.['alg'], 'EdDSA');
  assert.doesNotMatch(JSON.stringify(made), /private|sealed|"d"/);
});

test('explain tells a refusal in words and in JSON, and knows no other', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const sent = `${REQUEST.redirect_uri}\u001b[31m2`;
  const page = await server.person().authorize({ ...REQUEST, redirect_uri: sent, state: 'hush' });
  const reference = /\b[0-9A-HJKMNP-TV-Z]{8}\b/.exec(page.text)?.[0] ?? '';
  const text = await explained(reference.toLowerCase(), given);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^Rule +redirect-uri\.unregistered$/m);
  assert.match(
    text.stdout,
    /^Sent {8}http:\/\/127\.0\.0\.1:9000\/cb\\u001b\[31m2\nRegistered {2}http:\/\/127\.0\.0\.1:9000\/cb\n {36}\^ differs from character 25 on$/m,
  );
  assert.match(text.stdout, /^See +RFC 9700 §4\.1\.3$/m);
  assert.match(text.stdout, /^To mend it +Register this very text/m);
  assert.match(text.stdout, /^Decided by {2}redirect_uris of the client web-app/m);
  const told = await json(['explain', reference], given);
  assert.equal(told['rule'], 'redirect-uri.unregistered');
  assert.deepEqual(told['setting'], { name: 'redirect_uris', value: WEB_APP.redirect_uris, of: 'client' });
  const unknown = await signet(['explain', 'NOPENOPE'], given);
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, /^There is no refusal NOPENOPE\./);
});

test('explain names the setting of the provider when the client has none of its own', async (t) => {
  const given = await configured(t, { ...CONFIG, require_pkce: true });
  const server = await serving(t, given.issuer, ['serve'], given);
  const seen = await server.person().authorize({ ...REQUEST, client_id: 'spa' });
  const reference = /ref ([0-9A-Z]{8})/.exec(answerOf(seen)['error_description'] ?? '')?.[1] ?? '';
  const told = JSON.parse((await explained(reference, given, '--output', 'json')).stdout) as Record<
    string,
    unknown
  >;
  assert.equal(told['rule'], 'pkce.required');
  assert.deepEqual(told['setting'], { name: 'require_pkce', value: true, of: 'provider' });
});
