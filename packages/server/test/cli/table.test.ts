import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderRecord, renderTable } from '../../src/cli/table.ts';
import { toJson } from '../../src/cli/terminal.ts';

test('columns are as wide as their widest cell, wide characters counted as two', () => {
  const rows = [
    { id: 'a', full_name: '夜間ジョブ' },
    { id: 'bcd', full_name: undefined },
    { id: 'e', full_name: 'x' },
  ];
  const table = renderTable(['id', 'full_name', 'id'], rows);
  assert.equal(table, 'ID   FULL NAME   ID\na    夜間ジョブ  a\nbcd              bcd\ne    x           e');
});

test('a table is cut to the width of the terminal, at the widest columns first', () => {
  const row = { id: 'short', note: 'a long story that goes on and on' };
  const table = renderTable(['id', 'note'], [row], 20);
  assert.equal(table, 'ID     NOTE\nshort  a long story…');
  assert.ok(table.split('\n').every((line) => line.length <= 20));
  assert.match(renderTable(['id', 'note'], [row], 3), /short {2}a long…/, 'never to nothing');
  assert.match(renderTable(['note', 'id'], [row], 10), /goes on and on/, 'the first one is never cut');
});

test('an empty list has its headings', () => {
  assert.equal(renderTable(['id', 'name'], []), 'ID  NAME');
});

test('a record shows lists line by line, groups as JSON, and what is undefined not at all', () => {
  const record = { name: 'x', uris: ['a', 'b'], none: [], jwks: { keys: [] }, gone: undefined, on: false };
  assert.equal(
    renderRecord(record),
    'name  x\nuris  a\n      b\nnone  (none)\njwks  {"keys":[]}\non    false',
  );
});

const COMMANDS = ['\u001b', '\u009b', '\u202e', '\r', '\u2028'];

test('nothing that a terminal obeys reaches it, and JSON stays JSON', () => {
  const hostile = 'a\u001b[2J\u009b1m\u202eb\r\nc\u2028';
  const shown = renderTable(['id'], [{ id: hostile }]) + renderRecord({ id: hostile, list: [hostile] });
  for (const command of COMMANDS) assert.ok(!shown.includes(command));
  const json = toJson({ id: hostile });
  for (const command of COMMANDS) assert.ok(!json.includes(command));
  assert.deepEqual(JSON.parse(json), { id: hostile });
});
