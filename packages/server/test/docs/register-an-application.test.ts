import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { heading, press } from '../browser/visitor.ts';
import { folder, signet } from '../cli/program.ts';
import { openConsole } from '../console/operator.ts';
import { withoutBrowser } from '../pages/browser.ts';
import { startSignet } from '../support/signet.ts';

const docs = join(import.meta.dirname, '../../../../docs');
const text = readFileSync(join(docs, 'register-an-application.md'), 'utf8');
const REGISTRAR = {
  client_id: 'registrar',
  client_secret: 'the secret of the registrar',
  grant_types: ['client_credentials'],
  scope: 'signet:clients:write',
};

/** The commands below a heading. */
const commands = (title: string): string =>
  /```sh\n([\s\S]*?)```/.exec(text.slice(text.indexOf(`\n## ${title}`)))?.[1] ?? '';

/** Takes the picture of the page that the document shows, when `npm run docs:screenshots` asks for it. */
async function picture(page: Page, name: string, height = 480): Promise<void> {
  if (process.env['SIGNET_SCREENSHOTS'] === undefined) return;
  mkdirSync(join(docs, 'images'), { recursive: true });
  const clip = { x: 0, y: 0, width: 800, height };
  await page.screenshot({ path: join(docs, 'images', `${name}.png`), animations: 'disabled', clip });
}

test('the steps in the console of docs/register-an-application.md register an application', {
  skip: withoutBrowser,
}, async (t) => {
  const there = await openConsole();
  t.after(() => there.close());
  const page = await there.visit(t, '/applications');
  await page.setViewportSize({ width: 800, height: 480 });
  await press(page, 'Register an application');
  await heading(page, 'Register an application');
  await picture(page, 'register-kinds', 400);
  await page.getByRole('link', { name: 'Website with a server' }).click();
  await page.getByLabel('Name').fill('Shop');
  await page.getByLabel('Redirect URIs', { exact: true }).fill('https://shop.example.com/callback');
  await picture(page, 'register-questions');
  await press(page, 'Register');
  await heading(page, 'Shop is registered');
  await page.getByText('Client secret', { exact: true }).waitFor();
  await picture(page, 'register-done');
  await page.getByRole('link', { name: 'Open its page' }).click();
  await page.getByRole('tab', { name: 'Try it' }).waitFor();
});

test('the pictures of docs/register-an-application.md are there, and small', () => {
  const named = [...text.matchAll(/\]\((images\/[\w-]+\.png)\)/g)].map(([, path = '']) => path);
  assert.equal(named.length, 3);
  for (const path of named) assert.ok(statSync(join(docs, path)).size <= 60_000, path);
});

test('the commands over HTTP register an application, and again only the same', async (t) => {
  const { issuer, provider } = await startSignet(t, { clients: [REGISTRAR] });
  const script = commands('Over HTTP').replaceAll('https://id.example', issuer);
  const env = { ...process.env, SECRET: REGISTRAR.client_secret };
  const run = async () => JSON.parse((await promisify(execFile)('sh', ['-c', script], { env })).stdout);
  const made = await run();
  assert.match(made.client_secret, /^[\w-]{43}$/);
  assert.equal((await run()).client_id, made.client_id);
  const found = await provider.store.findClient(provider.tenant.id, made.client_id);
  assert.deepEqual(found?.metadata.redirect_uris, ['https://shop.example.com/callback']);
});

test('the command on the machine of the server registers an application', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'signet.yaml'), 'issuer: http://localhost:8080\n', { mode: 0o600 });
  const args = commands('On the command line').trim().replace('npx signet ', '').split(' ');
  const { code, stdout, stderr } = await signet([...args, '--output', 'json'], { cwd });
  assert.equal(code, 0, stderr);
  const { client_name, redirect_uris, client_secret } = JSON.parse(stdout);
  assert.deepEqual([client_name, redirect_uris], ['Shop', ['https://shop.example.com/callback']]);
  assert.match(client_secret, /^[\w-]{43}$/);
});
