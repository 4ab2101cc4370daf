import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import pino from 'pino';
import { formatFaults } from '../../../src/config/fault.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { PROFILES } from '../../../src/profiles/profiles.ts';
import { temporaryFolder } from '../../store/temporary.ts';
import { answerOf, personAt, post } from '../../support/person.ts';
import { ask, DESKTOP, startOcis } from './ocis.ts';

const SECRET = 'a-secret-that-no-log-may-show-ever';

/** Starts with that file, and gives the warnings beside. */
async function startWith(t: TestContext, file: string, config: Record<string, unknown> = {}) {
  const lines: string[] = [];
  const stream = new PassThrough().on('data', (line: Buffer) => lines.push(String(line)));
  const over = { log: pino({ level: 'warn' }, stream) };
  const signet = await startOcis(
    t,
    { client_file: 'idp.yaml', files: { 'idp.yaml': file }, ...config },
    over,
  );
  const clients = await signet.provider.store.listClients(signet.provider.tenant.id);
  const warnings = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  return { signet, clients: clients.map(({ metadata }) => metadata), warnings };
}

const FILE = `
clients:
  - id: web
    name: ownCloud Web app
    trusted: true
    redirect_uris: ['{{OCIS_URL}}/', '{{OCIS_URL}}/oidc-callback.html']
    origins: ['{{OCIS_URL}}']
  - id: backup
    name: Backup
    secret: ${SECRET}
    application_type: native
    redirect_uris: [http://127.0.0.1, 'backup://here']
`;

test('the clients of the YAML file replace the default ones, and sign people in (row 78)', async (t) => {
  const { signet, clients, warnings } = await startWith(t, FILE);
  assert.deepEqual(warnings, []);
  assert.deepEqual(clients.map(({ client_id }) => client_id).sort(), ['backup', 'web']);
  const [redirect_uri] = ['http://127.0.0.1:4000/any'];
  const program = { client_id: 'backup', client_secret: SECRET, redirect_uri: redirect_uri ?? '' };
  const page = await personAt(signet).authorize(ask({}, program));
  assert.match(page.text, /Backup/);
  const { code = '' } = answerOf(await personAt(signet).grant(ask({}, program)));
  const answer = await post(signet.url('/token'), { grant_type: 'authorization_code', code, ...program });
  assert.equal(answer.status, 200);
  assert.equal((await personAt(signet).authorize(ask())).status, 400);
});

test('{{OCIS_URL}} is the address of the server, trusted skips consent, and others are always asked (rows 78, 79)', async (t) => {
  const { signet, clients } = await startWith(t, FILE);
  const find = (id: string) => clients.find(({ client_id }) => client_id === id);
  assert.deepEqual(find('web')?.redirect_uris, [`${signet.issuer}/`, `${signet.issuer}/oidc-callback.html`]);
  assert.equal(find('web')?.consent, 'skip');
  assert.equal(find('web')?.token_endpoint_auth_method, 'none');
  assert.equal(find('backup')?.consent, 'always');
});

test('a bad entry is left out with a warning that shows no secret, and the others are read (row 78)', async (t) => {
  const file = `
clients:
  - id: good
    redirect_uris: [https://good.example/cb]
  - id: without-redirects
    secret: ${SECRET}
  - nonsense
  - id: maybe
    trusted: perhaps
    redirect_uris: [https://maybe.example/cb]
  - id: good
    redirect_uris: [https://again.example/cb]
  - id: [a, list]
    redirect_uris: [https://list.example/cb]
  - { name: nameless, secret: ${SECRET}, redirect_uris: ['https://x.example/'] }
`;
  const { clients, warnings } = await startWith(t, file);
  assert.deepEqual(
    clients.map(({ client_id, redirect_uris }) => [client_id, redirect_uris]),
    [['good', ['https://good.example/cb']]],
  );
  assert.equal(warnings.length, 6);
  for (const start of [
    'Client "without-redirects" is left out: redirect_uris is missing',
    'clients[2] is left out',
    'Client "maybe" is left out: trusted must be true or false',
    'Client "good" is there twice',
    'clients[5] is left out: client_id',
    'clients[6] is left out: client_id is missing',
  ])
    assert.ok(
      warnings.some((warning) => warning.startsWith(start)),
      `${start}\n${warnings.join('\n')}`,
    );
  assert.ok(!warnings.join().includes(SECRET));
});

test('further fields are taken by the names they have here; others are named in a warning (row 78)', async (t) => {
  const file = `
authorities: [{ id: other }]
tracing: { enabled: false }
clients:
  - id: full
    secret: ${SECRET}
    uri: https://full.example/
    contacts: [admin@full.example]
    grant_types: [authorization_code]
    id_token_signed_response_alg: RS256
    token_endpoint_auth_method: client_secret_post
    redirect_uris: [https://full.example/cb]
    post_logout_redirect_uris: [https://full.example/bye]
    backchannel_logout_uri: https://full.example/backchannel_logout
    trusted_scopes: [x]
    implicit_scopes: [y]
`;
  const { clients, warnings } = await startWith(t, file);
  assert.partialDeepStrictEqual(clients[0], {
    client_id: 'full',
    client_uri: 'https://full.example/',
    contacts: ['admin@full.example'],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'RS256',
    token_endpoint_auth_method: 'client_secret_post',
    post_logout_redirect_uris: ['https://full.example/bye'],
    backchannel_logout_uri: 'https://full.example/backchannel_logout',
  });
  assert.deepEqual(warnings.length, 3);
  for (const word of ['authorities', 'trusted_scopes', 'implicit_scopes'])
    assert.ok(
      warnings.some((warning) => warning.includes(word)),
      word,
    );
});

test('web applications need https, native ones this machine or a scheme of their own; insecure lifts only the first (row 79)', async (t) => {
  const entry = (id: string, type: string, uri: string, more = '') =>
    `  - { id: ${id}, application_type: ${type}, redirect_uris: ['${uri}'], ${more} }`;
  const file = [
    'clients:',
    entry('web-https', 'web', 'https://app.example/cb'),
    entry('web-http', 'web', 'http://app.example/cb'),
    entry('web-local', 'web', 'http://localhost:3000/cb'),
    entry('web-scheme', 'web', 'app://cb'),
    entry('web-unsaid', "''", 'http://localhost:3000/cb'),
    entry('web-insecure', 'web', 'http://app.example/cb', 'insecure: true'),
    entry('web-insecure-local', 'web', 'http://localhost:3000/cb', 'insecure: true'),
    entry('native-local', 'native', 'http://localhost'),
    entry('native-ip', 'native', 'http://[::1]:9/cb'),
    entry('native-scheme', 'native', 'app://cb'),
    entry('native-https', 'native', 'https://app.example/cb'),
    entry('native-https-local', 'native', 'https://localhost/cb'),
    entry('native-http', 'native', 'http://app.example/cb'),
    entry('native-insecure', 'native', 'https://app.example/cb', 'insecure: true'),
    '  - { id: insecure-anywhere, insecure: true }',
  ].join('\n');
  const { clients, warnings } = await startWith(t, file);
  assert.deepEqual(clients.map(({ client_id }) => client_id).sort(), [
    'native-ip',
    'native-local',
    'native-scheme',
    'web-https',
    'web-insecure',
  ]);
  assert.equal(warnings.length, 10);
});

test('the same rules hold for clients in the configuration itself (row 79)', () => {
  const clients = [
    { client_id: 'x', token_endpoint_auth_method: 'none', redirect_uris: ['http://localhost:3000/cb'] },
  ];
  const text = JSON.stringify({ issuer: 'https://cloud.example', profile: 'ocis', clients });
  const loaded = loadConfig({
    file: { path: '/etc/signet.yaml', text },
    environment: {},
    readFile: () => '',
    profiles: Object.values(PROFILES),
  });
  assert.ok('faults' in loaded);
  assert.match(
    formatFaults(loaded.faults),
    /clients\[0\]\.redirect_uris\[0\] is plain http, which a web application may not use/,
  );
});

test('a file that comes later removes the default clients it does not name, and clients of the configuration win (row 78)', async (t) => {
  const database = `sqlite:${temporaryFolder(t)}/signet.db`;
  const first = await startOcis(t, { database });
  const idsOf = async (signet: typeof first) =>
    (await signet.provider.store.listClients(signet.provider.tenant.id))
      .map(({ metadata }) => metadata.client_id)
      .sort();
  assert.equal((await idsOf(first)).length, 4);
  const clients = [
    {
      client_id: 'backup',
      client_name: 'Mine',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['https://mine.example/'],
    },
  ];
  const { signet, clients: stored } = await startWith(t, FILE, { database, clients });
  assert.deepEqual(await idsOf(signet), ['backup', 'web']);
  assert.equal(stored.find(({ client_id }) => client_id === 'backup')?.client_name, 'Mine');
  assert.ok(!(await idsOf(signet)).includes(DESKTOP.client_id));
});

test('who leaves the file is no client any more, but a faulty entry ends nothing (row 78)', async (t) => {
  const database = `sqlite:${temporaryFolder(t)}/signet.db`;
  await startWith(t, FILE, { database });
  const faulty = FILE.replace('native', 'of-no-kind');
  const second = await startWith(t, faulty, { database });
  assert.deepEqual(second.clients.map(({ client_id }) => client_id).sort(), ['backup', 'web']);
  assert.match(second.warnings.join(), /^Client "backup" is left out: application_type must be/);
  const third = await startWith(t, FILE.replace(/ {2}- id: backup[\s\S]*/, ''), { database });
  assert.deepEqual(
    third.clients.map(({ client_id }) => client_id),
    ['web'],
  );
});

test('a file that is missing, no YAML, or of a profile without such files is a fault of the configuration (row 78)', () => {
  const faultsOf = (profile: string, readFile: (path: string) => string) => {
    const text = `issuer: https://cloud.example\nprofile: ${profile}\nclient_file: idp.yaml\n`;
    const loaded = loadConfig({
      file: { path: '/etc/signet.yaml', text },
      environment: {},
      readFile,
      profiles: Object.values(PROFILES),
    });
    return 'faults' in loaded ? formatFaults(loaded.faults) : '';
  };
  const missing = () => {
    throw Object.assign(new Error('no'), { code: 'ENOENT' });
  };
  assert.match(
    faultsOf('ocis', missing),
    /:3:1 +client_file names a file that is not there: \/etc\/idp\.yaml/,
  );
  assert.match(
    faultsOf('ocis', () => 'clients: [\n'),
    /client_file names a file with a fault: idp\.yaml:\d/,
  );
  assert.match(
    faultsOf('standard', () => FILE),
    /client_file is read only where a profile has a form of its own/,
  );
});

test('a file without a list of clients warns, and leaves nobody who could sign in', async (t) => {
  for (const file of ['clients: text', '- a', 'clients: { a: b }']) {
    const { clients, warnings } = await startWith(t, file);
    assert.deepEqual([clients, warnings], [[], ['The file has no list of clients.']]);
  }
});
