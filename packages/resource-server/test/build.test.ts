import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

const program = `
import { resourceServer, AccessRefused } from './index.js';
import { fakeIssuer } from './testing.js';
for (const entry of ['node', 'express', 'fastify', 'hono']) await import('./' + entry + '.js');
const id = await fakeIssuer();
const api = resourceServer({ issuer: id.issuer, audience: id.audience });
console.log((await api.verify('Bearer ' + await id.accessToken({ sub: 'built' }))).sub);
await api.verify('Bearer ' + await id.idToken()).catch((e) => console.log(e instanceof AccessRefused, e.status));
await id.close();
`;

test('the package builds with the libraries of Node 20, and what is built runs as JavaScript', async (t) => {
  await mkdir(join(root, '.cache'), { recursive: true });
  const outDir = await mkdtemp(join(root, '.cache', 'resource-server-'));
  t.after(() => rm(outDir, { recursive: true }));
  const config = join(root, 'packages/resource-server/tsconfig.build.json');
  await run(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    config,
    '--outDir',
    outDir,
  ]);
  await writeFile(join(outDir, 'program.mjs'), program);
  await writeFile(join(outDir, 'package.json'), '{ "type": "module" }');
  const { stdout } = await run(process.execPath, [join(outDir, 'program.mjs')]);
  assert.deepEqual(stdout.trim().split('\n'), ['built', 'true 401']);
});
