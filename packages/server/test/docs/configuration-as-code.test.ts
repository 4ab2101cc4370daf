import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, freePort, serving, signet } from '../cli/program.ts';

const docs = join(import.meta.dirname, '../../../../docs');
const read = (name: string): string => readFileSync(join(docs, name), 'utf8');
const text = read('configuration-as-code.md');

const blocks = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block = '']) => block,
  );

test('the commands of docs/configuration-as-code.md do with its file what it says', async (t) => {
  const cwd = folder(t);
  const port = await freePort();
  const [configuration = ''] = blocks('yaml');
  const file = join(cwd, 'signet.yaml');
  writeFileSync(file, configuration.replace('localhost:8080', `localhost:${port}`), { mode: 0o600 });
  mkdirSync(join(cwd, 'secrets'));
  for (const name of ['shop', 'alice'])
    writeFileSync(join(cwd, 'secrets', name), `a-good-secret-for-the-${name}-of-this-test\n`);
  const [first, ...others] = blocks('sh')[0]?.trim().split('\n') ?? [];
  const run = (command = '') => signet(command.replace('npx signet ', '').split(' '), { cwd });
  assert.equal((await run(first)).code, 2);
  for (const command of others) {
    if (command.endsWith('doctor')) await serving(t, `http://localhost:${port}`, ['serve'], { cwd });
    const { code, stdout, stderr } = await run(command);
    assert.equal(code, 0, `${command}: ${stdout}${stderr}`);
  }
});

test('every option that the pages tell of these commands is there', async (t) => {
  const cwd = folder(t);
  const cli = read('cli.md');
  for (const command of ['plan', 'apply', 'export', 'doctor', 'try', 'login', 'logout']) {
    const { stdout: help } = await signet([command, '--help'], { cwd });
    for (const [line] of `${text}\n${cli}`.matchAll(new RegExp(`signet ${command} [^\n\`|]*`, 'g'))) {
      for (const [option] of line.matchAll(/--[a-z-]+/g))
        assert.ok(help.includes(option), `${option} of: ${line}`);
    }
    if (command !== 'logout') assert.ok(cli.includes(`## ${command}\n`), command);
  }
});
