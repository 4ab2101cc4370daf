import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findForbiddenImports } from './import-rule.ts';

const SOURCE = 'packages/server/src/';

/** The messages for one file below the server's src that imports one thing. */
function messages(path: string, statement: string): string[] {
  return findForbiddenImports([{ path: `${SOURCE}${path}`, text: statement }]).map(({ message }) => message);
}

const isAllowed = (path: string, specifier: string) =>
  messages(path, `import { a } from '${specifier}';`).length === 0;

test('each layer imports the layers below it', () => {
  assert.ok(isAllowed('main.ts', './cli.ts'));
  assert.ok(isAllowed('cli/serve.ts', '../app.ts'));
  assert.ok(isAllowed('app.ts', './web/node-server.ts'));
  assert.ok(isAllowed('web/routes.ts', '../admin/clients.ts'));
  assert.ok(isAllowed('web/routes.ts', '../oauth/token/endpoint.ts'));
  assert.ok(isAllowed('admin/clients.ts', '../identity/password.ts'));
  assert.ok(isAllowed('oauth/token/issue.ts', '../../keys/jwt.ts'));
  assert.ok(isAllowed('keys/keyring.ts', '../store/store.ts'));
  assert.ok(isAllowed('store/sql/users.ts', '../store.ts'));
  assert.ok(isAllowed('store/store.ts', '../model/user.ts'));
  assert.ok(isAllowed('profiles/cells.ts', '../model/profile.ts'));
});

test('no layer imports one above it', () => {
  assert.ok(!isAllowed('model/client.ts', '../oauth/error.ts'));
  assert.ok(!isAllowed('store/sqlite.ts', '../keys/seal.ts'));
  assert.ok(!isAllowed('keys/jwt.ts', '../oauth/error.ts'));
  assert.ok(!isAllowed('oauth/error.ts', '../web/routes.ts'));
  assert.ok(!isAllowed('admin/clients.ts', '../web/routes.ts'));
  assert.ok(!isAllowed('web/routes.ts', '../app.ts'));
});

test('oauth and identity do not know each other', () => {
  assert.ok(!isAllowed('oauth/authorize/endpoint.ts', '../../identity/sign-in.ts'));
  assert.ok(!isAllowed('identity/sign-in.ts', '../oauth/error.ts'));
});

test('web imports neither the store nor the keys, not even their types', () => {
  assert.deepEqual(messages('web/routes.ts', "import type { Store } from '../store/store.ts';"), [
    'imports store/store.ts: web may import admin, oauth, identity, model, not store verbs',
  ]);
  assert.ok(!isAllowed('web/routes.ts', '../keys/jwt.ts'));
});

test('web passes the provider of a tenant on, knowing its type alone', () => {
  assert.deepEqual(messages('web/site.ts', "import type { Provider } from '../keys/provider.ts';"), []);
  assert.ok(!isAllowed('web/site.ts', '../keys/provider.ts'));
});

test('only the composition picks a database', () => {
  assert.ok(isAllowed('app.ts', './store/sqlite.ts'));
  assert.ok(isAllowed('cli/user.ts', '../store/sqlite.ts'));
  for (const path of ['admin/clients.ts', 'oauth/revoke.ts', 'identity/sign-in.ts', 'keys/keyring.ts']) {
    assert.ok(isAllowed(path, '../store/store.ts'), path);
    assert.ok(!isAllowed(path, '../store/sqlite.ts'), path);
    assert.ok(!isAllowed(path, 'node:sqlite'), path);
  }
});

test('model imports itself and node:crypto, profiles import model', () => {
  assert.ok(isAllowed('model/client.ts', './scope.ts'));
  assert.ok(isAllowed('model/secret.ts', 'node:crypto'));
  assert.ok(!isAllowed('model/client.ts', 'zod'));
  assert.ok(!isAllowed('model/clock.ts', 'node:fs'));
  assert.ok(!isAllowed('profiles/cells.ts', '../oauth/rules.ts'));
});

test('the protocol and the person know nothing of HTTP servers', () => {
  for (const specifier of ['hono', 'hono/html', 'node:http', '@hono/node-server']) {
    assert.ok(!isAllowed('oauth/token/endpoint.ts', specifier), specifier);
    assert.ok(isAllowed('web/routes.ts', specifier), specifier);
  }
});

test('settings are for the composition; anyone may know their types', () => {
  for (const specifier of ['../config.ts', '../settings.ts', '../settings-table.ts', '../config/load.ts']) {
    assert.ok(isAllowed('cli/serve.ts', specifier), specifier);
    assert.ok(!isAllowed('web/routes.ts', specifier), specifier);
    assert.deepEqual(messages('web/routes.ts', `import type { Settings } from '${specifier}';`), []);
    assert.equal(messages('web/routes.ts', `import { type Settings, load } from '${specifier}';`).length, 1);
  }
});

test('requests to other servers are handed down by the composition', () => {
  assert.ok(isAllowed('app.ts', './outbound/safe-fetch.ts'));
  assert.ok(!isAllowed('oauth/client-assertion.ts', '../outbound/safe-fetch.ts'));
  assert.deepEqual(
    messages('keys/provider.ts', "import type { SafeFetch } from '../outbound/safe-fetch.ts';"),
    [],
  );
});

test('re-exports, imports for effect, dynamic imports and imports over several lines count', () => {
  for (const statement of [
    "export * from '../web/routes.ts';",
    "export { a } from '../web/routes.ts';",
    "import '../web/routes.ts';",
    "const a = await import('../web/routes.ts');",
    "import {\n  a,\n  b,\n} from '../web/routes.ts';",
    'import a, { b as c } from "../web/routes.ts";',
  ]) {
    assert.equal(messages('oauth/error.ts', statement).length, 1, statement);
  }
});

test('an import in a comment or in a text is none', () => {
  assert.deepEqual(messages('oauth/error.ts', "// import { a } from '../web/routes.ts';"), []);
  assert.deepEqual(messages('model/client.ts', "const text = `import { a } from 'zod';`;"), []);
});

test('the line of the import is told', () => {
  const text = "/* one\n two */\nimport { a } from './b.ts';\nimport { c } from '../web/routes.ts';";
  assert.equal(findForbiddenImports([{ path: `${SOURCE}oauth/error.ts`, text }])[0]?.line, 4);
});

test('a file without a layer is refused until it gets one', () => {
  assert.match(messages('plumbing/pipe.ts', '')[0] ?? '', /belongs to no layer/);
});

test('other packages and the examples do not import the server, their tests may', () => {
  const from = (path: string, specifier: string) =>
    findForbiddenImports([{ path, text: `import { a } from '${specifier}';` }]).length;
  assert.equal(from('packages/resource-server/src/index.ts', '../../server/src/keys/jwt.ts'), 1);
  assert.equal(from('packages/resource-server/src/index.ts', 'signet'), 1);
  assert.equal(from('examples/api/server.ts', '../../packages/server/src/app.ts'), 1);
  assert.equal(from('packages/resource-server/test/flow.test.ts', '../../server/src/app.ts'), 0);
  assert.equal(from('packages/resource-server/src/index.ts', '@signet/resource-server'), 0);
});

test('the server imports nothing outside of its src but its own package.json', () => {
  assert.ok(!isAllowed('cli.ts', '../../resource-server/src/index.ts'));
  assert.ok(isAllowed('cli.ts', '../package.json'));
});

test('a circle of imports is told once, with its way round', () => {
  const file = (name: string, target: string) => {
    return { path: `${SOURCE}model/${name}.ts`, text: `import type { A } from './${target}.ts';` };
  };
  const found = findForbiddenImports([file('a', 'b'), file('b', 'c'), file('c', 'b'), file('d', 'a')]);
  assert.deepEqual(
    found.map(({ message }) => message),
    ['imports itself in a circle: model/b.ts → model/c.ts → model/b.ts'],
  );
});
