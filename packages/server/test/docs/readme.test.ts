import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { PROGRAM } from '../support/program.ts';
import { listen, startSignet } from '../support/signet.ts';

const root = join(import.meta.dirname, '../../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The lines of the README's blocks in that language, without the indentation of a list. */
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(
    ([, indent = '', text = '']) => text.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );

const commands = blocks('sh').flatMap((block) => block.split('\n').filter((line) => line !== ''));

/** Shown by other means: `npm test` is what runs this, and `npm start` is tried with the launcher's own tests. */
const SHOWN_ELSEWHERE = [/^npm start\b/, /^npm test\b/];
const SERVES = 'npx signet serve --config examples/signet.yaml';

describe('the commands of the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-readme-'));
  let environment: NodeJS.ProcessEnv;
  let issuer: string;
  let server: ReturnType<typeof spawn>;

  before(async () => {
    const probe = createServer();
    issuer = `http://localhost:${await listen(probe)}`;
    await new Promise((done) => probe.close(done));
    environment = {
      ...process.env,
      SIGNET_ISSUER: issuer,
      SIGNET_DATABASE: `sqlite:${join(folder, 'signet.db')}`,
    };
    const [, ...args] = SERVES.replace('npx ', '').split(' ');
    server = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(server.stdout);
    for await (const line of createInterface(server.stdout)) if (line.includes('ready')) break;
  });

  after(async () => {
    server.kill('SIGTERM');
    await once(server, 'exit');
    rmSync(folder, { recursive: true });
  });

  test('the server of the examples is started by its command', () => assert.ok(commands.includes(SERVES)));

  for (const command of commands.filter(
    (line) => line !== SERVES && !SHOWN_ELSEWHERE.some((one) => one.test(line)),
  )) {
    test(command, () => {
      const runnable = command
        .replace(/^npx signet/, `"${process.execPath}" "${PROGRAM}"`)
        .replaceAll('http://localhost:8080', issuer);
      const output = execFileSync('bash', ['-c', runnable], {
        cwd: root,
        env: environment,
        encoding: 'utf8',
      });
      if (command.startsWith('curl'))
        assert.ok((JSON.parse(output) as { access_token: string }).access_token);
    });
  }
});

test('every program in the README stands in an example, word for word', () => {
  const examples = ['express-app/server.ts', 'spa/app.mjs', 'api/server.ts'].map((file) =>
    readFileSync(join(root, 'examples', file), 'utf8'),
  );
  for (const block of [...blocks('ts'), ...blocks('js')]) {
    assert.ok(
      examples.some((text) => text.includes(block)),
      block,
    );
  }
});

for (const block of blocks('yaml')) {
  test(`the configuration of the profile ${/profile: (\w+)/.exec(block)?.[1]} is enough to sign in with`, async (t) => {
    const { issuer, users, ...others } = parse(block) as { issuer: string; users: object[] };
    const issuer_path = issuer.replace('http://localhost:8080', '');
    const signet = await startSignet(t, { issuer_path, clients: [], users, ...others });
    const found = await fetch(`${signet.issuer}/.well-known/openid-configuration`);
    const { issuer: told, jwks_uri } = (await found.json()) as Record<'issuer' | 'jwks_uri', string>;
    assert.equal(told, signet.issuer);
    assert.equal((await fetch(jwks_uri)).status, 200);
    assert.ok(await signet.provider.store.findUserByName(signet.provider.tenant.id, 'alice'));
  });
}

test('every file that the README points to is there', () => {
  for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    assert.doesNotThrow(() => execFileSync('test', ['-e', join(root, path)]), path);
  }
});
