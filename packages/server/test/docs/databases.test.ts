import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { usedDatabase } from '../cli/lifecycle.ts';
import { signet } from '../cli/program.ts';

const docs = join(import.meta.dirname, '../../../../docs');
const text = readFileSync(join(docs, 'databases.md'), 'utf8');
const cli = readFileSync(join(docs, 'cli.md'), 'utf8');

test('the commands of docs/databases.md for SQLite work one after the other', async (t) => {
  const { cwd } = await usedDatabase(t);
  const commands = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  assert.ok(commands.length >= 3);
  for (const command of commands) {
    const { code, stderr } = await signet(command.replace('npx signet ', '').split(' '), { cwd });
    assert.equal(code, 0, `${command}: ${stderr}`);
  }
});

test('every option that docs/databases.md and docs/cli.md tell of these commands is there', async (t) => {
  const { cwd } = await usedDatabase(t);
  for (const command of ['migrate', 'backup', 'restore', 'move']) {
    const { stdout: help } = await signet([command, '--help'], { cwd });
    for (const [line] of `${text}\n${cli}`.matchAll(new RegExp(`signet ${command} [^\n\`]*`, 'g'))) {
      for (const [option] of line.split(' || ')[0]?.matchAll(/--[a-z-]+/g) ?? []) {
        assert.ok(help.includes(option), `${option} of: ${line}`);
      }
    }
    assert.ok(cli.includes(`## ${command}\n`), command);
  }
});

test('every page and heading that docs/databases.md and docs/cli.md point to is there', () => {
  const anchorOf = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-');
  for (const page of [text, cli]) {
    for (const [, file = '', anchor] of page.matchAll(/\]\(([a-z]+\.md)(?:#([a-z-]+))?\)/g)) {
      assert.ok(existsSync(join(docs, file)), file);
      const headings = readFileSync(join(docs, file), 'utf8').match(/^#+ .*$/gm) ?? [];
      const anchors = headings.map((heading) => anchorOf(heading.replace(/^#+ /, '')));
      if (anchor !== undefined) assert.ok(anchors.includes(anchor), `${file}#${anchor}`);
    }
  }
});
