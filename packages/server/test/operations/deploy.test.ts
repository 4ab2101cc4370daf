import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import * as z from 'zod';
import { SETTINGS } from '../../src/config/source-environment.ts';
import { folder, signet } from '../cli/program.ts';

const root = join(import.meta.dirname, '../../../..');
const read = (name: string): string => readFileSync(join(root, 'deploy', name), 'utf8');

const VARIABLES: ReadonlySet<string> = new Set(SETTINGS.map(({ variable }) => variable));

function assertKnown(names: readonly string[]): void {
  const own = names.filter((name) => name.startsWith('SIGNET_'));
  assert.ok(own.length > 0);
  for (const name of own) assert.ok(VARIABLES.has(name), `${name} is no setting`);
}

/** The command line knows these words. */
async function assertCommand(t: TestContext, words: readonly string[]): Promise<void> {
  const { code, stdout } = await signet([...words, '--help'], { cwd: folder(t) });
  assert.equal(code, 0, words.join(' '));
  assert.match(stdout, new RegExp(`^Usage: signet ${words[0]} `), words.join(' '));
}

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const compose = z.object({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

const services = compose.parse(parse(read('compose.yaml'), { merge: true }));

test('the compose file starts commands that exist, with settings that exist, on a read-only root', async (t) => {
  const own = Object.entries(services.services).filter(([, { image }]) => image === 'signet');
  assert.deepEqual(
    own.map(([name]) => name),
    ['migrate', 'signet-1', 'signet-2'],
  );
  for (const [name, { command = [], environment = {}, read_only }] of own) {
    assertKnown(Object.keys(environment));
    assert.equal(read_only, true, name);
    await assertCommand(t, command);
  }
});

test('every service and secret that the compose file speaks of is in it, and every file but the secrets is there', () => {
  for (const { depends_on = {}, secrets = [], volumes = [] } of Object.values(services.services)) {
    for (const name of Object.keys(depends_on)) assert.ok(name in services.services, name);
    for (const name of secrets) assert.ok(name in services.secrets, name);
    for (const [source = ''] of volumes.map((volume) => volume.split(':')))
      if (source.startsWith('.')) assert.ok(existsSync(join(root, 'deploy', source)), source);
  }
});

test('the settings of the compose file make a sound configuration', async (t) => {
  const { environment = {} } = services.services['signet-1'] ?? {};
  const cwd = folder(t);
  const settings = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/^\$\{\w+:-(.*)\}$/, '$1')]),
  );
  const secret = (name: string, text: string): string => {
    writeFileSync(join(cwd, name), `${text}\n`);
    return join(cwd, name);
  };
  const env = {
    ...settings,
    SIGNET_DATABASE_FILE: secret('database', 'postgres://signet:secret@postgres/signet'),
    SIGNET_MASTER_SECRET_FILE: secret('master-secret', 'x'.repeat(44)),
  };
  const { code, stdout, stderr } = await signet(['config', 'validate'], { cwd, env });
  assert.equal(code, 0, stdout + stderr);
});

test('the container file copies what is there, runs what exists, and never as root', async (t) => {
  const text = read('Containerfile').replaceAll('\\\n', ' ');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const of = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  for (const copied of of('COPY').filter((line) => !line.startsWith('--from'))) {
    for (const source of copied.split(' ').slice(0, -1)) assert.ok(existsSync(join(root, source)), source);
  }
  assertKnown(of('ENV').flatMap((line) => [...line.matchAll(/(\w+)=/g)].map(([, name = '']) => name)));
  assert.deepEqual(of('USER'), ['65532:65532']);
  const [entry] = of('ENTRYPOINT').map((line) => z.array(z.string()).parse(JSON.parse(line)));
  const [command] = of('CMD').map((line) => z.array(z.string()).parse(JSON.parse(line)));
  const [check] = of('HEALTHCHECK').map((line) =>
    z.array(z.string()).parse(JSON.parse(/\[.*\]/.exec(line)?.[0] ?? '')),
  );
  assert.ok(entry && command && check);
  const [build] = of('RUN').filter((line) => line.startsWith('node '));
  const built = folder(t);
  execFileSync(process.execPath, [join(root, (build ?? '').replace('node ', '')), built]);
  for (const [, main = ''] of [entry, check])
    assert.ok(existsSync(join(built, main.replace('/app/packages/server/dist/', ''))), main);
  await assertCommand(t, command);
  await assertCommand(t, check.slice(2));
});

test('what the container file does not copy is not sent to the engine either', () => {
  const sent = read('Containerfile.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  for (const line of sent) assert.ok(existsSync(join(root, line.slice(1))), line);
});

test('the unit starts a command that exists, with settings that exist', async (t) => {
  const text = read('signet.service');
  const of = (key: string): readonly string[] =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  assertKnown(of('Environment').map((line) => line.split('=')[0] ?? ''));
  const [, ...words] = (of('ExecStart')[0] ?? '').split(' ');
  await assertCommand(t, words.slice(0, 1));
  assert.deepEqual(of('DynamicUser'), ['yes']);
});

// These two ask programs that not every machine has; what they look at is looked at by the tests around them, too.
const isHere = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

if (isHere('systemd-analyze'))
  test('systemd finds no fault in the unit', (t) => {
    const copy = join(folder(t), 'signet.service');
    // The program is wherever it was installed.
    writeFileSync(copy, read('signet.service').replace('/usr/local/bin/signet', '/bin/true'));
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', copy], { encoding: 'utf8' });
    assert.doesNotMatch(stderr, /signet\.service/);
  });

if (isHere('nginx'))
  test('nginx finds no fault in its configuration', (t) => {
    const copy = join(folder(t), 'nginx.conf');
    writeFileSync(copy, read('nginx.conf').replaceAll(/signet-[12]:8080/g, '127.0.0.1:8080'));
    execFileSync('nginx', ['-t', '-c', copy], { stdio: 'pipe' });
  });

test('the proxy passes on to the nodes of the compose file, and names the client and the request', () => {
  const text = read('nginx.conf');
  const upstream = [...text.matchAll(/server (signet-\d):8080/g)].map(([, name]) => name);
  assert.deepEqual(
    upstream,
    Object.keys(services.services).filter((name) => name.startsWith('signet-')),
  );
  for (const header of ['Host', 'X-Forwarded-For', 'X-Request-Id'])
    assert.ok(text.includes(`proxy_set_header ${header} `));
});
