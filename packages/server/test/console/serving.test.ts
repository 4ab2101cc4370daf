import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { startSignet } from '../support/signet.ts';
import { buildConsole } from './operator.ts';

before(buildConsole);

const policyOf = (response: Response): string => response.headers.get('content-security-policy') ?? '';

test('the page of the console runs no script but files of its own, and no text becomes code', async (t) => {
  const signet = await startSignet(t);
  const response = await fetch(signet.url('/console/'));
  const policy = policyOf(response);
  assert.equal(response.status, 200);
  assert.match(policy, /default-src 'none'; script-src 'self'; /);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:|data:;.*script/);
  const html = await response.text();
  assert.doesNotMatch(html, /<script(?![^>]* src=)/);
  assert.equal(
    policyOf(await fetch(signet.url('/console/'))) === policy,
    false,
    'the nonce is new each time',
  );
});

test('an address below the console is the same page, and what is no file of the build does not exist', async (t) => {
  const signet = await startSignet(t, { issuer_path: '/accounts' });
  const deep = await fetch(signet.url('/console/applications/web-app?tab=secret'));
  assert.equal(deep.status, 200);
  assert.match(await deep.text(), /"\/accounts\/console\/assets\/index-/);
  for (const name of ['nothing.js', '..%2findex.html', '..%2f..%2f..%2fpackage.json', 'index.html']) {
    assert.equal((await fetch(signet.url(`/console/assets/${name}`))).status, 404, name);
  }
  const short = await fetch(signet.url('/console'), { redirect: 'manual' });
  assert.deepEqual([short.status, short.headers.get('location')], [308, '/accounts/console/']);
});

test('its files are kept for good by a browser, and come compressed to one that can read that', async (t) => {
  const signet = await startSignet(t);
  const html = await (await fetch(signet.url('/console/'))).text();
  const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? '';
  const plain = await fetch(signet.url(script), { headers: { 'accept-encoding': 'identity' } });
  assert.match(plain.headers.get('cache-control') ?? '', /immutable/);
  assert.equal(plain.headers.get('content-type'), 'text/javascript; charset=utf-8');
  const small = await fetch(signet.url(script), { headers: { 'accept-encoding': 'gzip, br' } });
  assert.equal(small.headers.get('content-encoding'), 'br');
  assert.equal(await small.text(), await plain.text());
});

test('the name of the provider cannot leave its place in the page', async (t) => {
  const display_name = `"><script>alert('x')</script>`;
  const signet = await startSignet(t, { display_name });
  const html = await (await fetch(signet.url('/console/'))).text();
  assert.equal(html.includes('<script>alert'), false);
});

test('every part of the library that the pages use comes with its style', async (t) => {
  const signet = await startSignet(t);
  const html = await (await fetch(signet.url('/console/'))).text();
  const text = async (path: string): Promise<string> => (await fetch(signet.url(path))).text();
  const seen = new Set<string>();
  const sheets: string[] = [];
  const read = async (path: string): Promise<string> => {
    if (seen.has(path)) return '';
    seen.add(path);
    const code = await text(path);
    const others = [...code.matchAll(/[\w-]+-[\w-]{8}\.js/g)].map(([name]) => `/console/assets/${name}`);
    return code + (await Promise.all(others.map(read))).join('');
  };
  for (const [, path = ''] of html.matchAll(/href="([^"]+\.css)"/g)) sheets.push(await text(path));
  const scripts = await Promise.all([...html.matchAll(/"([^"]+\.js)"/g)].map(([, path = '']) => read(path)));
  const used = new Set(scripts.join('').match(/\bm_[0-9a-f]{6,8}\b/g));
  const library = readFileSync(createRequire(import.meta.url).resolve('@mantine/core/styles.css'), 'utf8');
  const styled = new Set(library.match(/\bm_[0-9a-f]{6,8}\b/g));
  const missing = [...used].filter((name) => styled.has(name) && !sheets.join('').includes(name));
  assert.ok(used.size > 50);
  assert.deepEqual(missing, []);
});
