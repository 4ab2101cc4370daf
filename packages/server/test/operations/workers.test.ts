import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { configured, freePort, type Running, serving, signet } from '../cli/program.ts';
import { answerOf, basic, post, request } from '../support/person.ts';
import { USERS, WEB_APP } from '../support/signet.ts';

const WORKERS = ['serve', '--workers', '2'];

type Crowd = Readonly<{
  server: Running;
  cwd: string;
  metrics: () => Promise<string>;
  at: (path: string) => string;
}>;

async function crowd(t: Parameters<typeof configured>[0], keys: object = {}): Promise<Crowd> {
  const port = await freePort();
  const { cwd, issuer } = await configured(t, {
    management: { port },
    clients: [WEB_APP],
    users: USERS,
    log: { requests: 'all' },
    ...keys,
  });
  const server = await serving(t, issuer, WORKERS, { cwd });
  const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
  return { server, cwd, at, metrics: async () => (await fetch(at('/metrics'))).text() };
}

const value = (text: string, name: string): number =>
  Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1]);

/** A connection of its own for each, so that the system shares them out. */
const askedOften = async (server: Running, times: number): Promise<Set<number>> => {
  const headers = { ...basic(), connection: 'close' };
  const statuses = new Set<number>();
  for (let time = 0; time < times; time += 1) {
    statuses.add((await post(server.url('/token'), { grant_type: 'client_credentials' }, headers)).status);
  }
  return statuses;
};

const until = async (look: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await look().catch(() => false)); tries += 1) {
    assert.ok(tries < 400, 'it did not come to that');
    await pause(25);
  }
};

test('several workers serve one provider, and the management listener adds them up', async (t) => {
  const { server, metrics, at } = await crowd(t);
  assert.deepEqual(await askedOften(server, 20), new Set([200]));
  const text = await metrics();
  assert.equal(value(text, 'signet_workers'), 2);
  assert.equal(value(text, 'signet_tokens_total{grant_type="client_credentials",outcome="issued"}'), 20);
  assert.equal((await fetch(at('/readyz'))).status, 200);
  const person = server.person();
  assert.ok(answerOf(await person.grant(request()))['code'], 'a person signs in across workers');
  assert.match(server.stderr(), /^[\s\S]*?setup\?token=\S+\s*$/, 'the set-up link is told once');
});

test('a worker that dies is replaced, and the others go on', async (t) => {
  const { server, metrics } = await crowd(t);
  const [pid] = await childrenOf(server);
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  // What it had taken is lost with it; what comes later is not.
  await until(async () => !isAlive(pid));
  assert.deepEqual(await askedOften(server, 10), new Set([200]));
  await until(async () => {
    const text = await metrics();
    return value(text, 'signet_workers') === 2 && value(text, 'signet_worker_restarts_total') === 1;
  });
  assert.match(
    server.stdout(),
    /"exit_code":null,"signal":"SIGKILL","msg":"A worker ended; another one takes its place\."/,
  );
});

test('workers that end again and again are given up with exit code 1', async (t) => {
  const { server } = await crowd(t);
  const kill = async (): Promise<void> => {
    for (const pid of await childrenOf(server).catch(() => [])) process.kill(pid, 'SIGKILL');
  };
  const killing = setInterval(() => void kill(), 50);
  const code = await server.ended;
  clearInterval(killing);
  assert.equal(code, 1);
  assert.match(server.stderr(), /The workers end again and again .* gives up/);
});

test('a signal ends all of them in good order', async (t) => {
  const { server, at } = await crowd(t, { shutdown: { delay: 3 } });
  assert.equal(
    (await fetch(server.url('/readyz'))).status,
    200,
    'one worker has been asked for its readiness',
  );
  const pids = await childrenOf(server);
  const began = performance.now();
  server.process.kill('SIGTERM');
  await until(async () => (await fetch(at('/readyz'))).status === 503);
  assert.deepEqual(await askedOften(server, 4), new Set([200]), 'all of them still answer');
  assert.equal(await server.ended, 0);
  assert.ok(performance.now() - began > 3000, 'who balances has been given time');
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), `worker ${pid} lives`);
});

test('workers end with the process that started them, even when it is killed', async (t) => {
  const { server } = await crowd(t);
  const pids = await childrenOf(server);
  server.process.kill('SIGKILL');
  await server.ended;
  await until(async () => pids.every((pid) => !isAlive(pid)));
});

test('a second signal ends everything at once', async (t) => {
  const { server } = await crowd(t, { shutdown: { delay: 8 } });
  await fetch(server.url('/readyz'));
  const pids = await childrenOf(server);
  server.process.kill('SIGTERM');
  await server.says(/SIGTERM: stopping/);
  server.process.kill('SIGTERM');
  assert.equal(await server.ended, 143);
  await until(async () => pids.every((pid) => !isAlive(pid)));
});

test('a port that another Signet with workers holds is told as in use', async (t) => {
  const { cwd } = await crowd(t);
  for (const args of [WORKERS, ['serve']]) {
    const { code, stderr } = await signet(args, {
      cwd,
      env: { SIGNET_MANAGEMENT_PORT: String(await freePort()) },
    });
    assert.equal(code, 1);
    assert.match(stderr, /port \d+ is in use: is Signet running already\?/);
  }
});

test('a database in memory, and a number that is none, are refused', async (t) => {
  const { cwd } = await configured(t, { database: 'sqlite::memory:' });
  const memory = await signet(WORKERS, { cwd });
  assert.equal(memory.code, 2);
  assert.match(memory.stderr, /A database in memory belongs to one process/);
  for (const number of ['0', '-1', 'two', '1.5', '9999', '']) {
    assert.equal((await signet(['serve', '--workers', number], { cwd })).code, 2, number);
  }
});

test('healthcheck asks the server of the configuration and ends with 0 or 1', async (t) => {
  const { server, cwd } = await crowd(t);
  const well = await signet(['healthcheck'], { cwd });
  assert.equal(well.code, 0, well.stderr);
  assert.match(well.stdout, /"workers":"up"/);
  assert.equal((await signet(['healthcheck', '--probe', 'live'], { cwd })).code, 0);
  server.process.kill('SIGKILL');
  await server.ended;
  const gone = await signet(['healthcheck'], { cwd });
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /^The server at 127\.0\.0\.1 port \d+ is not there \(.*\)\.\n$/);
  writeFileSync(join(cwd, 'signet.yaml'), 'isuer: x\n');
  assert.equal((await signet(['healthcheck'], { cwd })).code, 2);
});

/** Process numbers of the workers. */
async function childrenOf(server: Running): Promise<readonly number[]> {
  const { readFile } = await import('node:fs/promises');
  const { pid } = server.process;
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
