import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import { openMetrics, workerMetrics } from '../../src/app/metrics.ts';
import { SETTINGS } from '../../src/config/source-environment.ts';
import { RULES } from '../../src/oauth/rules.ts';
import { openDoor } from '../../src/web/door.ts';
import { PROBES } from '../../src/web/probes.ts';
import { folder, freePort, serving, signet } from '../cli/program.ts';
import { PROGRAM } from '../support/program.ts';

const root = join(import.meta.dirname, '../../../..');
const text = readFileSync(join(root, 'docs/operations.md'), 'utf8');

const blocks = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block = '']) => block,
  );

test('the commands of docs/operations.md work with its configuration', async (t) => {
  const cwd = folder(t);
  const [port, management] = [await freePort(), await freePort()];
  const here = (line: string): string =>
    line.replaceAll('localhost:8080', `localhost:${port}`).replaceAll(/\b9090\b/g, String(management));
  const [configuration = ''] = blocks('yaml');
  writeFileSync(join(cwd, 'signet.yaml'), here(configuration));
  await serving(t, `http://localhost:${port}`, ['serve'], { cwd });
  mkdirSync(join(cwd, 'deploy'));
  const commands = blocks('sh').flatMap((block) => block.split('\n').filter((line) => line !== ''));
  assert.ok(commands.length >= 6);
  for (const command of commands) {
    const runnable = here(command).replace(/^npx signet/, `"${process.execPath}" "${PROGRAM}"`);
    const output = execFileSync('bash', ['-c', `set -o pipefail; ${runnable}`], { cwd, encoding: 'utf8' });
    if (command.includes('/health/')) assert.match(output, /^\{"status":"up"/, command);
    if (command.includes('/metrics')) assert.match(output, /^signet_build_info/m, command);
  }
  for (const name of ['database', 'master-secret', 'postgres-password'])
    assert.ok(readFileSync(join(cwd, 'deploy/secrets', name)).length > 32, name);
});

const described = z.array(z.object({ name: z.string(), help: z.string(), type: z.string() }));

test('every metric is in the table, as it is told to Prometheus', async () => {
  const metrics = openMetrics(() => 0);
  metrics.measure({
    door: openDoor({ requests: 1, turn: 1 }),
    passwords: () => ({ working: 0, waiting: 0 }),
  });
  const all = [
    ...described.parse(await metrics.snapshot()),
    ...described.parse(await workerMetrics({ listening: 1, restarts: 0 })),
  ];
  const rows = all
    .filter(({ name }) => name.startsWith('signet_'))
    .map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`);
  const table = /<!-- metrics -->\n\n([\s\S]*?)\n\n<!-- end of metrics -->/.exec(text)?.[1];
  assert.equal(table, ['| metric | kind | meaning |', '| --- | --- | --- |', ...rows].join('\n'));
});

test('every path, setting and file that docs/operations.md speaks of is there', () => {
  for (const path of PROBES.keys()) assert.ok(text.includes(`\`${path}\``), path);
  const settings = new Set(SETTINGS.map(({ path }) => path.join('.')));
  const named = [...text.matchAll(/`((?:log|management|shutdown|overload)\.[a-z_]+)[`:]/g)].map(
    ([, name = '']) => name,
  );
  assert.ok(named.length >= 7);
  for (const name of named) assert.ok(settings.has(name), name);
  for (const [, file = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
    assert.ok(existsSync(join(root, 'docs', file)), file);
});

test('the line of a log that is shown has the members that lines have', async (t) => {
  const [shown] = blocks('json').map((block): object => JSON.parse(block));
  assert.ok(shown && 'rule' in shown && Object.hasOwn(RULES, String(shown.rule)));
  const cwd = folder(t);
  const port = await freePort();
  writeFileSync(join(cwd, 'signet.yaml'), `issuer: http://localhost:${port}\n`);
  const server = await serving(t, `http://localhost:${port}`, ['serve'], { cwd });
  const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'x' });
  await fetch(server.url('/token'), { method: 'POST', body });
  while (!server.stdout().includes('/token')) await pause(10);
  const line = server
    .stdout()
    .split('\n')
    .find((one) => one.includes('/token'));
  assert.deepEqual(Object.keys(JSON.parse(line ?? '{}')), Object.keys(shown));
});

test('the options that docs/operations.md tells of are there', async (t) => {
  const cwd = folder(t);
  const { stdout: serve } = await signet(['serve', '--help'], { cwd });
  const { stdout: check } = await signet(['healthcheck', '--help'], { cwd });
  for (const [, option = ''] of text.matchAll(/signet serve (--[a-z-]+)/g))
    assert.ok(serve.includes(option), option);
  assert.match(check, /--probe <probe>.*"live", "ready", "started"/);
  assert.ok(parse(blocks('yaml')[0] ?? ''));
});
