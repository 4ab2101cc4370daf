import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBannedCalls } from './banned-calls.ts';

const found = (path: string, text: string) =>
  findBannedCalls([{ path: `packages/server/src/${path}`, text }]);
const isBanned = (path: string, text: string) => found(path, text).length > 0;

test('the time is read in model/clock.ts alone', () => {
  for (const text of ['Date.now()', 'new Date()', 'new Date( )', 'const now = Date.now;']) {
    assert.ok(isBanned('oauth/pkce.ts', text), text);
    assert.ok(!isBanned('model/clock.ts', text), text);
  }
  assert.ok(!isBanned('oauth/pkce.ts', 'new Date(now * 1000).toISOString()'));
});

test('randomness is made in model/secret.ts alone', () => {
  for (const text of [
    'crypto.randomUUID()',
    "import { randomBytes } from 'node:crypto';",
    'crypto.getRandomValues(bytes)',
    'Math.random()',
  ]) {
    assert.ok(isBanned('identity/sign-in.ts', text), text);
    assert.ok(!isBanned('model/secret.ts', text), text);
  }
});

test('the environment is read by the configuration and the commands', () => {
  for (const path of ['web/routes.ts', 'oauth/config.ts'])
    assert.ok(isBanned(path, 'process.env.PORT'), path);
  for (const path of ['config.ts', 'config-environment.ts', 'config/source.ts', 'main.ts', 'cli.ts']) {
    assert.ok(!isBanned(path, 'process.env.PORT'), path);
  }
});

test('only commands write to the terminal', () => {
  assert.ok(isBanned('web/routes.ts', 'console.error(error)'));
  assert.ok(!isBanned('cli/user.ts', 'console.log(user)'));
  assert.ok(!isBanned('web/routes.ts', "link('/console.html'); admin.console.open()"));
});

test('signing with node:crypto stays in keys/ and model/secret.ts', () => {
  for (const text of [
    'createHmac("sha256", key)',
    "import { hash, sign } from 'node:crypto';",
    'crypto.subtle.sign(algorithm, key, bytes)',
  ]) {
    assert.ok(isBanned('oauth/token/issue.ts', text), text);
    assert.ok(!isBanned('keys/jwt.ts', text), text);
    assert.ok(!isBanned('model/secret.ts', text), text);
  }
  assert.ok(!isBanned('oauth/token/issue.ts', "import { sign } from '../keys.ts'; await sign(claims);"));
});

test('text never becomes code, anywhere', () => {
  for (const text of ['eval(text)', 'new Function("return 1")'])
    assert.ok(isBanned('keys/jwt.ts', text), text);
  assert.ok(!isBanned('keys/jwt.ts', 'retrieval(text); scope.eval(text)'));
});

test('a class is an error or is refused', () => {
  assert.ok(isBanned('oauth/error.ts', 'export class Grants {}'));
  assert.ok(isBanned('oauth/error.ts', 'class Grants extends Registry {}'));
  assert.ok(!isBanned('oauth/error.ts', 'export class OAuthError extends Error {}'));
  assert.ok(!isBanned('web/pages/form.ts', 'html`<p class="fault" class $' + '{a}>`'));
});

test('an interval must not keep the process alive', () => {
  assert.ok(isBanned('store/sqlite.ts', 'setInterval(() => sweep(), 1000);'));
  assert.ok(isBanned('store/sqlite.ts', 'const timer = setInterval(sweep, 1000); other.unref();'));
  assert.ok(!isBanned('store/sqlite.ts', 'setInterval(() => { sweep(a(b)); }, 1000).unref();'));
  assert.ok(!isBanned('store/sqlite.ts', 'const timer = setInterval(() => sweep(), 1000);\ntimer.unref();'));
  assert.ok(
    !isBanned(
      'store/sqlite.ts',
      'const timer: NodeJS.Timeout = setInterval(sweep, 9);\ntimer.unref?.();\ntimer.unref();',
    ),
  );
});

test('comments and texts are not calls', () => {
  assert.ok(
    !isBanned('oauth/pkce.ts', "// Date.now() is banned\nconst text = 'new Date()'; /* Math.random() */"),
  );
  assert.ok(isBanned('oauth/pkce.ts', 'const text = `at $' + '{Date.now()}`;'));
});

test('the finding names the line and gives the reason', () => {
  assert.deepEqual(found('oauth/pkce.ts', '\n\nDate.now();'), [
    {
      path: 'packages/server/src/oauth/pkce.ts',
      line: 3,
      message:
        'Date.now or new Date() is banned here: time is a parameter (a Clock), so that tests can move it',
    },
  ]);
});

test('tests and other packages are left alone', () => {
  assert.deepEqual(findBannedCalls([{ path: 'packages/server/test/a.test.ts', text: 'Date.now()' }]), []);
});
