import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleTypes, typeOf } from '../../src/api/console-types.ts';

test('a schema becomes the type of what it lets through', () => {
  assert.equal(typeOf({ type: ['string', 'null'] }), 'string | null');
  assert.equal(typeOf({ enum: ["it's", 2, null] }), "'it\\'s' | 2 | null");
  assert.equal(
    typeOf({ type: 'array', items: { $ref: '#/components/schemas/Client' } }),
    'readonly Client[]',
  );
  assert.equal(typeOf({ type: 'array', items: { enum: ['a', 'b'] } }), "readonly ('a' | 'b')[]");
  assert.equal(
    typeOf({ type: 'object', additionalProperties: { type: 'integer' } }),
    'Readonly<Record<string, number>>',
  );
  const members = { one: { type: 'string' }, other: { anyOf: [{ type: 'number' }, { type: 'null' }] } };
  assert.equal(
    typeOf({ type: 'object', properties: members, required: ['one'] }),
    'Readonly<{\n  one: string;\n  other?: number | null;\n}>',
  );
  assert.equal(
    typeOf({ type: 'object', properties: { 'lifetimes.session': {} } }),
    "Readonly<{\n  'lifetimes.session'?: unknown;\n}>",
  );
  assert.equal(typeOf({}), 'unknown');
});

test('the console knows of a client what is always there', () => {
  const text = consoleTypes();
  const client = /export type Client = Readonly<\{(.*?)\n\}>/s.exec(text)?.[1] ?? '';
  assert.match(client, /\n {2}redirect_uris: readonly string\[\];/);
  assert.match(client, /\n {2}client_name\?: string;/);
  assert.doesNotMatch(client, /client_secret\?/);
});
