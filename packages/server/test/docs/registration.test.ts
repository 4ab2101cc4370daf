import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { signet } from '../cli/here.ts';
import { folder } from '../cli/program.ts';
import { basic, post } from '../support/person.ts';
import { startSignet } from '../support/signet.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../docs/registration.md'), 'utf8');
const SECRET = 'the secret of the registrar';
const REGISTRAR = {
  client_id: 'registrar',
  client_secret: SECRET,
  grant_types: ['client_credentials'],
  scope: 'signet:clients:write',
};

/** The parts of the document in that language, in their order. */
const parts = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, part = '']) => part);

const [command = '', makes = '', registers = ''] = parts('sh');

test('the configuration of docs/registration.md is taken, and lets applications register themselves', async (t) => {
  const [policy = ''] = parts('yaml');
  const { url } = await startSignet(t, parse(policy) as Record<string, unknown>);
  const register = (redirect: string) =>
    fetch(url('/register'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [redirect] }),
    });
  assert.equal((await register('https://app.example.com/cb')).status, 201);
  assert.equal((await register('https://elsewhere.example/cb')).status, 400);
});

test('the command of docs/registration.md makes an initial access token', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'signet.yaml'), 'issuer: http://localhost:8080\n', { mode: 0o600 });
  const words = [...command.trim().matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, word]) => quoted ?? word ?? '',
  );
  const { code, stdout, stderr } = await signet([...words.slice(2), '--output', 'json'], { cwd });
  assert.equal(code, 0, stderr);
  const { uses, initial_access_token } = JSON.parse(stdout);
  assert.deepEqual([uses, initial_access_token.slice(0, 5)], [20, 'sgia_']);
});

test('with the requests of docs/registration.md a token is made, and an application registered with it', async (t) => {
  const { url, issuer } = await startSignet(t, { dynamic_registration: 'token', clients: [REGISTRAR] });
  const form = { grant_type: 'client_credentials' };
  const { body } = await post(url('/token'), form, basic('registrar', SECRET));
  const run = async (script: string, env: Readonly<Record<string, unknown>>) => {
    const given = { ...process.env, ...(env as NodeJS.ProcessEnv) };
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', script.replaceAll('https://id.example', issuer)],
      {
        env: given,
      },
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const made = await run(makes, { TOKEN: body['access_token'] });
  const registered = await run(registers, { INITIAL: made['initial_access_token'] });
  assert.equal(registered['client_name'], 'Shop');
  assert.equal(typeof registered['registration_access_token'], 'string');
});
