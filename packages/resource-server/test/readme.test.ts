import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '../src/clock.ts';
import { type FakeIssuer, fakeIssuer } from '../src/testing.ts';

const examples = new URL('../examples/', import.meta.url);

/** The environment of a program started by a test, without what makes it report to this test runner. */
const { NODE_TEST_CONTEXT: _, ...environment } = process.env;

test('every TypeScript block of the README is an example file, and every example file is in the README', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  const files = await Promise.all(
    (await readdir(examples)).map((name) => readFile(new URL(name, examples), 'utf8')),
  );
  assert.deepEqual(new Set(blocks), new Set(files));
});

/** Starts a program that prints the address it listens on, and gives its origin. */
async function start(t: TestContext, program: URL, variables: Record<string, string>): Promise<string> {
  const env = { ...environment, PORT: '0', ...variables };
  const child = spawn(process.execPath, [fileURLToPath(program)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill());
  for await (const line of createInterface(child.stdout)) {
    const port = /(?:port: |127\.0\.0\.1:)(\d+)/.exec(line)?.[1];
    if (port) return `http://127.0.0.1:${port}`;
  }
  return assert.fail(`${program.href} ended before it listened`);
}

async function issuerFor(t: TestContext): Promise<FakeIssuer> {
  const id = await fakeIssuer({ audience: 'https://api.example.com' });
  t.after(() => id.close());
  return id;
}

const get = (url: string, token: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } });

for (const name of ['node', 'express', 'fastify', 'hono']) {
  test(`the ${name} example serves orders to those who may read them`, async (t) => {
    const id = await issuerFor(t);
    const origin = await start(t, new URL(`${name}.ts`, examples), { ISSUER: id.issuer });
    const good = await get(`${origin}/orders`, await id.accessToken({ sub: 'alice', scope: 'orders:read' }));
    assert.deepEqual([good.status, await good.json()], [200, { orders: [], owner: 'alice' }]);
    assert.equal((await get(`${origin}/orders`, await id.accessToken())).status, 403);
    assert.equal((await fetch(`${origin}/orders`)).status, 401);
  });
}

test('the example for opaque tokens asks the issuer', async (t) => {
  const id = await issuerFor(t);
  const origin = await start(t, new URL('opaque.ts', examples), { ISSUER: id.issuer, API_SECRET: 'secret' });
  const good = await get(origin, id.opaqueToken({ sub: 'alice', scope: 'orders:read' }));
  assert.deepEqual([good.status, await good.json()], [200, { orders: [], owner: 'alice' }]);
  assert.equal((await get(origin, 'unknown')).status, 401);
});

test('the example for fetch requests asks for a recent sign-in with a second factor', async (t) => {
  const id = await issuerFor(t);
  process.env.ISSUER = id.issuer;
  const { pay } = await import('../examples/verify.ts');
  const call = async (claims: Record<string, unknown>): Promise<Response> => {
    const authorization = `Bearer ${await id.accessToken({ scope: 'payments', acr: 'mfa', ...claims })}`;
    return pay(new Request('https://api.example.com/pay', { method: 'POST', headers: { authorization } }));
  };
  const auth_time = Math.floor(systemClock() / 1000);
  const good = await call({ auth_time });
  assert.deepEqual([good.status, await good.json()], [200, { paidBy: 'user-1', through: 'client-1' }]);
  const late = await call({ auth_time: auth_time - 400 });
  assert.equal(late.status, 401);
  assert.match(late.headers.get('www-authenticate') ?? '', /insufficient_user_authentication.*max_age="300"/);
  assert.equal((await call({ auth_time, scope: '' })).status, 403);
});

test('the example of a test passes', async () => {
  const file = fileURLToPath(new URL('orders.test.ts', examples));
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file], {
    env: environment,
  });
  assert.match(stdout, /^# pass 2$/m);
  assert.match(stdout, /^# fail 0$/m);
});

test('the small API under examples/ serves its public page to all and its orders to some', async (t) => {
  const id = await issuerFor(t);
  const program = new URL('../../../examples/api/server.ts', import.meta.url);
  const origin = await start(t, program, { ISSUER: id.issuer, AUDIENCE: id.audience });
  assert.equal((await fetch(`${origin}/public`)).status, 200);
  const refused = await fetch(`${origin}/orders`);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('www-authenticate'), `Bearer realm="${id.audience}"`);
  const good = await get(
    `${origin}/orders?page=1`,
    await id.accessToken({ sub: 'alice', scope: 'orders:read' }),
  );
  assert.equal(good.status, 200);
  assert.match(await good.text(), /"for":"alice","through":"client-1"/);
  assert.equal((await get(`${origin}/orders`, await id.idToken())).status, 401);
  assert.equal((await fetch(`${origin}/constructor`)).status, 404);
});
