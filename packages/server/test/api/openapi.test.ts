import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { problemStatuses } from '../../src/api/openapi.ts';
import type { Operation } from '../../src/api/operation.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { type Answered, personAt, request, tokensFor } from '../support/person.ts';
import type { Signet } from '../support/signet.ts';
import { type Caller, callerWith, itemsOf, ROOT, serviceToken, signedIn, startWithApi } from './support.ts';

type Json = Readonly<Record<string, unknown>>;
type Described = Readonly<{ responses: Readonly<Record<string, Json>>; operationId: string }>;
type Document = Readonly<{ paths: Readonly<Record<string, Readonly<Record<string, Described>>>> }> & Json;

async function documentOf(signet: Pick<Signet, 'url'>): Promise<Document> {
  const response = await fetch(signet.url('/api/v1/openapi.json'));
  return (await response.json()) as Document;
}

/** Where members are listed, there are no others: a document that leaves one out is found by it. */
const strict = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, strict(one)]));
  return members['type'] === 'object' && 'properties' in members && !('additionalProperties' in members)
    ? { ...members, additionalProperties: false }
    : members;
};

/** Says what is wrong with an answer, by the document alone. */
function checker(document: Document): (operationId: string, answer: Answered) => string | undefined {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // The default export of a CommonJS module.
  (formats as unknown as (on: Ajv2020) => void)(ajv);
  ajv.addSchema(strict({ components: document['components'] }) as object, 'api');
  const described = new Map(
    Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((one) => [one.operationId, one] as const),
    ),
  );
  return (operationId, { status, body, headers }) => {
    const response = described.get(operationId)?.responses[status];
    if (response === undefined) return `${status} is not listed`;
    const content = response['content'] as Readonly<Record<string, { schema: object }>> | undefined;
    if (content === undefined) return Object.keys(body).length === 0 ? undefined : 'it has a body';
    const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(content);
    if (headers.get('content-type') !== type) return `its type is not ${type}`;
    const validate = ajv.compile(
      JSON.parse(JSON.stringify(strict(schema)).replaceAll('"#/components', '"api#/components')) as object,
    );
    return validate(body) ? undefined : ajv.errorsText(validate.errors);
  };
}

test('the document is OpenAPI 3.1, told to anybody, and names every operation with its scope', async (t) => {
  const signet = await startWithApi(t);
  const document = await documentOf(signet);
  const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(document['openapi'], '3.1.0');
  for (const { path, method, id, needs, needsToo = [] } of OPERATIONS) {
    const described = document.paths[path]?.[method.toLowerCase()] as (Described & Json) | undefined;
    assert.equal(described?.operationId, id);
    if (needs !== 'nothing' && needs !== 'token')
      assert.deepEqual(described?.['security'], [{ signet: [needs, ...needsToo] }]);
  }
  const ids = OPERATIONS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const text = JSON.stringify(document);
  assert.doesNotMatch(text, /"usual"|"wire"|\$defs/);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    assert.ok(
      name !== undefined && name in ((document['components'] as Json)['schemas'] as Json),
      String(name),
    );
});

test('people read the document on a page without script, in which everything stands', async (t) => {
  const signet = await startWithApi(t);
  const response = await fetch(signet.url('/api/v1'));
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  const page = await response.text();
  assert.doesNotMatch(page, /<script/);
  for (const { method, path } of OPERATIONS) assert.ok(page.includes(`<code>${method} ${path}</code>`), path);
  const style = /rel="stylesheet" href="([^"]*)"/.exec(page)?.[1] ?? '';
  assert.equal((await fetch(new URL(style, signet.issuer))).status, 200);
});

/** Everything there is to see, by a way that a console goes. */
async function fill(signet: Signet, call: Caller): Promise<Readonly<Record<string, string>>> {
  await tokensFor(signet);
  await personAt(signet).authorize(request({ redirect_uri: 'http://127.0.0.1:9000/wrong' }));
  const [alice] = itemsOf(await call('GET /users?q=alice'));
  const [refusal] = itemsOf(await call('GET /refusals'));
  const [grant] = itemsOf(await call('GET /grants?client_id=web-app'));
  const tag = { headers: { 'if-match': '"1"' } };
  await call('PATCH /clients/reader', { body: { client_name: 'R' }, ...tag });
  await call('POST /clients', { body: { client_id: 'gone', redirect_uris: ['https://gone.example/cb'] } });
  await call('DELETE /clients/gone');
  const { body } = await call('POST /users', { body: { username: 'gone' } });
  await call(`DELETE /users/${String(body['sub'])}`);
  await call('PATCH /settings', { body: { display_name: 'One' }, headers: { 'if-match': '"0"' } });
  await call('POST /scopes', { body: { scope: 'old:scope' } });
  await call('POST /resources', { body: { resource: 'urn:old' } });
  await call('POST /groups', { body: { name: 'staff' } });
  return {
    scope: 'old:scope',
    resource: 'urn:old',
    name: 'staff',
    client_id: 'reader',
    sub: String(alice?.['sub']),
    reference: String(refusal?.['reference']),
    id: String(grant?.['id']),
    version: '1',
  };
}

test('whatever is answered is what the document says, in every operation', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const names = await fill(signet, call);
  const fault = checker(await documentOf(signet));
  const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const bodies: Readonly<Record<string, unknown>> = {
    createClient: { redirect_uris: ['https://new.example/cb'], access_token_lifetime: '5m' },
    createUser: { username: 'new', password: 'a-good-long-password' },
    changeClient: { contacts: ['a@example.com'] },
    createScope: { scope: 'new:scope', description: 'New', claims: ['one'] },
    changeSettings: { display_name: 'Another', 'lifetimes.session': '2h', consent: null },
    changeScope: { description: null, claims: ['two'] },
    createResource: { resource: 'urn:new', access_token_lifetime: '5m', access_token_format: 'opaque' },
    changeResource: { name: 'Old' },
    createGroup: { name: 'new', description: 'For all' },
    changeGroup: { display_name: 'Staff' },
    changeUser: { claims: { nickname: 'A' } },
    rotateClientSecret: { keep_previous_for: '1h' },
    changeAccount: { claims: { nickname: 'R' } },
    plan: {},
    // Of nothing there is nothing to do, whatever else is done.
    applyPlan: { plan: (await call('POST /plan', { body: {} })).body['plan'] },
    changeOwnPassword: { current_password: ROOT.password, password: 'another-good-password' },
  };
  const outcomes = new Map<string, number>();
  // The token ends with the password that it came by.
  const rank = ({ id, method }: Operation) => (id === 'changeOwnPassword' ? 9 : order.indexOf(method));
  for (const operation of OPERATIONS.toSorted((a, b) => rank(a) - rank(b))) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      operation.id === 'restoreClient' ? 'gone' : (names[name] ?? ''),
    );
    const tag = (await call(`GET ${path}`)).headers.get('etag');
    const search = operation.id === 'previewUser' ? '?client_id=web-app' : '';
    const answer = await call(`${operation.method} ${path}${search}`, {
      body: bodies[operation.id],
      headers: { ...(tag !== null && { 'if-match': tag }) },
    });
    assert.equal(fault(operation.id, answer), undefined, `${operation.id}: ${JSON.stringify(answer.body)}`);
    outcomes.set(operation.id, answer.status);
  }
  // Of what is ended, some was ended with something else before.
  const deletions = OPERATIONS.filter(({ method }) => method === 'DELETE').map(({ id }) => id);
  const missed = [...outcomes].filter(([id, status]) => status >= 400 && !deletions.includes(id));
  assert.deepEqual(missed, [['restoreUser', 404]]);
});

test('every refusal is a problem that the document lists', async (t) => {
  const signet = await startWithApi(t);
  const fault = checker(await documentOf(signet));
  const tokens = { none: undefined, weak: await serviceToken(signet, 'reader') };
  const root = await signedIn(signet);
  const seen = new Set<number>();
  for (const operation of OPERATIONS.filter(({ needs }) => needs !== 'nothing')) {
    const line = `${operation.method} ${operation.path.replaceAll(/\{\w+\}/g, 'nobody')}`;
    const answers = [
      await callerWith(signet, tokens.none)(line),
      await callerWith(signet, tokens.weak)(line),
      await root(`${line}?colour=red`),
      await root(line),
      ...(operation.body === undefined
        ? []
        : [
            await root(line, { body: '{', headers: { 'if-match': '"1"' } }),
            await root(line, { body: 'x', headers: { 'content-type': 'text/plain', 'if-match': '"1"' } }),
            await root(line, { body: 'x'.repeat(70_000), headers: { 'if-match': '"1"' } }),
          ]),
    ];
    for (const answer of answers) {
      seen.add(answer.status);
      assert.equal(fault(operation.id, answer), undefined, `${line}: ${JSON.stringify(answer.body)}`);
    }
  }
  for (const status of [400, 401, 403, 404, 413, 415, 428]) assert.ok(seen.has(status), `${status}`);
});

test('no input makes a fault of the server, or a status that is not listed', async (t) => {
  const signet = await startWithApi(t);
  const call = callerWith(signet, await serviceToken(signet, 'robot'));
  const harmless = OPERATIONS.filter(({ id }) => !['rotateKeys', 'getOpenapi'].includes(id));
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      'reader',
      'web-app',
      'signet-cli',
      'openid',
      '0',
      '1',
      '-1',
      '..',
      '%00',
      '__proto__',
      "' OR 1=1 --",
    ),
  );
  const names = fc.constantFrom(
    'client_id',
    'redirect_uris',
    'grant_types',
    'jwks',
    'claims',
    'groups',
    'name',
    'username',
    'password',
    'role',
    'scope',
    'resource',
    'description',
    'display_name',
    'lifetimes.session',
    'consent',
    'issuer',
    'access_token_lifetime',
    'keep_previous_for',
    '__proto__',
    'when',
  );
  const body = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }).map((value) => JSON.stringify(value)),
    fc.string({ maxLength: 30 }),
  );
  const query = fc.dictionary(
    fc.constantFrom('limit', 'after', 'q', 'since', 'span', 'sub', 'role', 'x'),
    text,
    { maxKeys: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        operation: fc.constantFrom(...harmless),
        parts: fc.array(text, { maxLength: 3 }),
        params: query,
        sent: body,
        tag: fc.constantFrom('"1"', '"2"', '*', '', 'x'),
      }),
      async ({ operation, parts, params, sent, tag }) => {
        let index = 0;
        const path = operation.path.replaceAll(/\{\w+\}/g, () => {
          index += 1;
          return encodeURIComponent((parts[index - 1] ?? 'x').toWellFormed());
        });
        const search = new URLSearchParams(
          Object.entries(params).map(([name, value]) => [name, value.toWellFormed()]),
        );
        const hasBody = operation.method === 'POST' || operation.method === 'PATCH';
        const { status, body: told } = await call(`${operation.method} ${path}?${search.toString()}`, {
          ...(hasBody && { body: sent }),
          headers: { 'if-match': tag },
        });
        // An empty part, or one of dots, makes it another address.
        const listed = [operation.answers.status, ...problemStatuses(operation), 404, 405];
        assert.ok(
          status < 500 && listed.includes(status),
          `${operation.method} ${path}: ${status} ${JSON.stringify(told)}`,
        );
      },
    ),
    { numRuns: 300, seed: 7 },
  );
  assert.equal((await callerWith(signet, await serviceToken(signet, 'robot'))('GET /me')).status, 200);
});
