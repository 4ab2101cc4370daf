import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPERATIONS } from '../../src/api/operations.ts';
import { nameOf } from '../../src/cli/api-names.ts';
import { PEOPLE, ROOT, SUE, startWithApi } from '../api/support.ts';
import { personAt, request } from '../support/person.ts';
import { ALICE, type Signet } from '../support/signet.ts';
import { signedInAt } from './elsewhere.ts';
import { json, signet } from './here.ts';
import { configured, type Given } from './program.ts';

type Members = Readonly<Record<string, unknown>>;

let server: Signet;
let root: Given;
let sue: Given;
const endings: (() => Promise<void>)[] = [];
const file = { after: (end: () => Promise<void>) => void endings.push(end) };
before(async () => {
  server = await startWithApi(file);
  root = await signedInAt(file, server, ROOT);
  sue = await signedInAt(file, server, SUE);
  await personAt(server).grant(request({ scope: 'openid email offline_access' }), ALICE);
});
after(async () => {
  for (const end of endings) await end();
});

const at = (given: Given, ...args: string[]) => signet([...args, '--server', server.issuer], given);
const list = async (...args: string[]): Promise<readonly Members[]> =>
  (await json([...args, '--server', server.issuer], root)) as unknown as readonly Members[];
const one = (...args: string[]): Promise<Members> => json([...args, '--server', server.issuer], root);

test('every operation of the interface that is about the provider is a command, and no two are the same', async () => {
  const named = OPERATIONS.filter(({ needs }) => needs.startsWith('signet:')).flatMap((operation) => {
    const name = nameOf(operation);
    return name === undefined ? [] : [`${name.noun} ${name.verb}`];
  });
  assert.equal(new Set(named).size, named.length);
  for (const word of ['session', 'consent', 'grant', 'tenant', 'refusal', 'audit', 'statistics', 'setting'])
    assert.ok(
      named.some((name) => name.startsWith(`${word} `)),
      word,
    );
  for (const name of named) {
    const { code, stdout } = await signet([...name.split(' '), '--help'], root);
    assert.equal(code, 0, name);
    assert.match(stdout, new RegExp(`^Usage: signet ${name}`), name);
  }
});

test('what is listed at a server is told as a table, as JSON, as YAML and by ids', async () => {
  const [session] = await list('session', 'list', '--user', 'alice');
  assert.equal(session?.['username'], 'alice');
  const table = await at(root, 'session', 'list', '--user', 'alice');
  assert.match(table.stdout, /^ID +USERNAME +SIGNED IN AT .*\n\d+ +alice /);
  assert.match((await at(root, 'session', 'list', '--output', 'yaml')).stdout, /^- id: "\d+"\n {2}sid: /);
  const ids = await at(root, 'session', 'list', '--user', 'alice', '--quiet');
  assert.equal(ids.stdout, `${String(session['id'])}\n`);
  assert.deepEqual(await list('session', 'list', '--user', 'nobody'), []);
  assert.equal((await list('tenant', 'list'))[0]?.['issuer'], server.issuer);
  assert.ok((await list('setting', 'list')).some(({ name }) => name === 'require_pkce'));
  assert.ok((await list('scope', 'list')).some(({ scope }) => scope === 'email'));
  assert.deepEqual(await list('resource', 'list'), []);
  const counted = await at(root, 'statistics', 'show', '--span', 'day');
  assert.match(counted.stdout, /^AT +SIGN INS +SIGN IN FAILURES +REFUSALS/);
});

test('a session, a grant and a consent are ended by who says that it is meant', async () => {
  const browser = personAt(server);
  await browser.grant(request({ scope: 'openid email offline_access' }), ALICE);
  const [{ id = '' } = {}] = await list('session', 'list', '--user', 'alice');
  const asked = await at(root, 'session', 'end', String(id));
  assert.equal(asked.code, 5);
  assert.match(asked.stderr, /say --yes/);
  assert.deepEqual(await one('session', 'end', String(id), '--yes'), { id, ended: true });
  assert.equal((await at(root, 'session', 'end', String(id), '--yes')).code, 3);
  assert.equal((await at(root, 'grant', 'end', '999999', '--yes')).code, 3);
  const consent = await at(root, 'consent', 'end', 'alice', 'web-app', '--yes');
  assert.equal(consent.code, 3);
  assert.match(consent.stderr, /^There is no consent alice\.\n$/);
});

test('a refusal is found at a server and explained in words', async () => {
  const sent = request({ redirect_uri: 'http://127.0.0.1:9000/other' });
  const page = await personAt(server).authorize(sent);
  const reference = /\b[0-9A-HJKMNP-TV-Z]{8}\b/.exec(page.text)?.[0] ?? '';
  let listed: readonly Members[] = [];
  // It is stored after it was answered.
  for (let times = 0; times < 50 && listed.length === 0; times += 1)
    listed = await list('refusal', 'list', '--rule', 'redirect-uri.unregistered');
  assert.equal(listed[0]?.['reference'], reference);
  for (const words of [['refusal', 'explain'], ['refusal', 'show'], ['explain']]) {
    const told = await at(root, ...words, reference);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^Sent {8}http:\/\/127\.0\.0\.1:9000\/other$/m);
    assert.match(told.stdout, /^To mend it +Register this very text/m);
  }
  assert.equal((await at(root, 'explain', 'NOPENOPE')).code, 3);
});

test('of a log so many are told as are asked for, and that there are more', async () => {
  for (const name of ['one', 'two', 'three'])
    await one('client', 'create', '--type', 'service', '--id', name);
  assert.equal((await list('audit', 'list', '--action', 'client.created', '--limit', '2')).length, 2);
  assert.ok((await list('audit', 'list', '--action', 'client.created', '--all')).length >= 3);
  const [event] = await list('audit', 'list', '--actor', 'root', '--since', '1h', '--limit', '1');
  assert.equal(event?.['subject'], 'three');
  for (const args of [
    ['--limit', '0'],
    ['--since', 'yesterday'],
  ])
    assert.equal((await at(root, 'audit', 'list', ...args)).code, 2);
});

test('a client is changed, looked at in its versions and brought back', async () => {
  await one('client', 'create', '--type', 'service', '--id', 'shop', '--name', 'Shop');
  await one('client', 'update', 'shop', '--name', 'Another');
  const versions = await at(root, 'client', 'versions', 'shop');
  assert.match(versions.stdout, /^VERSION +AT +ACTOR +CHANGED\n2 .*\n1 .* client_name$/m);
  assert.equal((await one('client', 'revert', 'shop', '1'))['client_name'], 'Shop');
  const overlap = await one('client', 'rotate-secret', 'shop', '--keep-previous-for', '7d');
  assert.match(String(overlap['previous_secret_until']), /^\d{4}-/);
  await one('client', 'delete', 'shop', '--yes');
  assert.equal((await list('client', 'deleted'))[0]?.['client_id'], 'shop');
  assert.equal((await one('client', 'restore', 'shop'))['client_name'], 'Shop');
});

test('a person is changed by flags, by a file and by single members', async () => {
  await one('user', 'create', 'dora', '--no-password', '--name', 'Dora');
  const patched = await one('user', 'update', 'dora', '--claims', '{"name":null,"team":"blue"}');
  assert.deepEqual(patched['claims'], { team: 'blue' });
  const input = 'claims: { team: red }\n';
  const read = await json(['user', 'update', 'dora', '--file', '-', '--server', server.issuer], {
    ...root,
    input,
  });
  assert.deepEqual(read['claims'], { team: 'red' });
  assert.equal((await one('user', 'update', 'dora', '--set', 'role=support'))['role'], 'support');
  const faulty = await at(root, 'user', 'update', 'dora', '--role', 'king');
  assert.equal(faulty.code, 2);
  assert.match(faulty.stderr, /Allowed choices are user, admin/);
  assert.equal((await at(root, 'user', 'update', 'dora')).code, 2);
  assert.equal((await one('user', 'lock', 'dora'))['locked'], true);
  assert.equal((await one('user', 'unlock', 'dora'))['locked'], false);
});

test('what a role does not open is refused with its words, and nothing is done', async () => {
  const refused = await at(sue, 'client', 'create', '--type', 'service', '--id', 'of-sue');
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /The role support does not open this/);
  assert.equal((await at(root, 'client', 'get', 'of-sue')).code, 3);
  const role = await at(sue, 'user', 'set-password', 'root', '--password-stdin');
  assert.equal(role.code, 2, 'no password was given');
});

test('the nearest word is told for one that is none', async () => {
  for (const [args, hint] of [
    [['sesion', 'list'], /Did you mean session\?/],
    [['session', 'lst'], /Did you mean list\?/],
    [['audit', 'list', '--actin', 'x'], /Did you mean .*--action/],
  ] as const) {
    const { code, stderr } = await signet(args, root);
    assert.equal(code, 2);
    assert.match(stderr, hint);
  }
});

test('the same commands work on the database, as whoever may open it', async (t) => {
  const given = await configured(t, { users: PEOPLE });
  await json(['client', 'create', '--type', 'service', '--id', 'job'], given);
  await signet(['apply', '--yes'], given);
  await json(['client', 'update', 'job', '--name', 'Job'], given);
  const versions = (await json(['client', 'versions', 'job'], given)) as unknown as readonly Members[];
  assert.deepEqual(
    versions.map(({ version, actor }) => [version, actor]),
    [
      [2, 'command line'],
      [1, 'command line'],
    ],
  );
  assert.deepEqual(await json(['session', 'list'], given), []);
  assert.equal((await signet(['session', 'end', '7', '--yes'], given)).code, 3);
  // Whoever is there can undo it: at a server the last administrator stays.
  assert.equal((await json(['user', 'disable', 'root'], given))['disabled'], true);
  const tenants = (await json(['tenant', 'list'], given)) as unknown as readonly Members[];
  assert.equal(tenants[0]?.['issuer'], given.issuer);
  const nul = await signet(['user', 'update', 'alice', '--set', 'claims={"team":"\\u0000"}'], given);
  assert.equal(nul.code, 2);
});
