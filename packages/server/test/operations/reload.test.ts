import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { configured, folder, freePort, type Running, serving } from '../cli/program.ts';

type Served = Readonly<{ server: Running; origin: string; write: (names: readonly string[]) => void }>;

/** A server with tenants below one host, and its file. */
async function startWith(
  t: TestContext,
  names: readonly string[],
  args: readonly string[] = [],
): Promise<Served> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const cwd = folder(t);
  const write = (present: readonly string[]): void =>
    writeFileSync(
      join(cwd, 'signet.yaml'),
      stringify({
        listen: { port },
        tenants: present.map((name) => ({ name, issuer: `${origin}/${name}` })),
      }),
    );
  write(names);
  const server = await serving(t, `${origin}/${names[0]}`, ['serve', ...args], { cwd });
  return { server, origin, write };
}

const statusAt = async ({ origin }: Served, name: string): Promise<number> =>
  (await fetch(`${origin}/${name}/.well-known/openid-configuration`)).status;

const until = async (look: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await look()); tries += 1) {
    assert.ok(tries < 400, 'it did not come to that');
    await pause(25);
  }
};

for (const args of [[], ['--workers', '2']]) {
  test(`SIGHUP has ${['serve', ...args].join(' ')} take up a tenant that was added, without a restart`, async (t) => {
    const served = await startWith(t, ['a'], args);
    assert.equal(await statusAt(served, 'b'), 404);
    served.write(['a', 'b']);
    served.server.process.kill('SIGHUP');
    await until(async () => (await statusAt(served, 'b')) === 200);
    assert.equal(await statusAt(served, 'a'), 200);
    assert.match(served.server.stdout(), /"added":\["b"\]/);
  });
}

test('a faulty file changes nothing, and its faults stand in the log', async (t) => {
  const { cwd, issuer } = await configured(t);
  const server = await serving(t, issuer, ['serve'], { cwd });
  const file = join(cwd, 'signet.yaml');
  const good = parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, stringify({ ...good, isuer: 'https://id.example' }));
  server.process.kill('SIGHUP');
  await until(async () => server.stdout().includes('The configuration is faulty'));
  assert.match(server.stdout(), /isuer is not a known key/);
  assert.equal((await fetch(server.url('/.well-known/openid-configuration'))).status, 200);
});

test('settings of the server itself wait for the next start, and the log says so', async (t) => {
  const { cwd, issuer } = await configured(t);
  const server = await serving(t, issuer, ['serve'], { cwd });
  const file = join(cwd, 'signet.yaml');
  const good = parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, stringify({ ...good, overload: { most_in_flight: 7 } }));
  server.process.kill('SIGHUP');
  await until(async () => server.stdout().includes('wait for the next start'));
});
