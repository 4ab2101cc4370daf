import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from './loading.ts';

const ISSUER = 'issuer: http://localhost:8080\n';

/** Texts that are no configuration, and what is said of each. */
const HOSTILE: readonly (readonly [name: string, yaml: string, fault: RegExp])[] = [
  ['a text of 5 MB', `${ISSUER}# ${'x'.repeat(5 * 1024 * 1024)}`, /^\S+signet\.yaml is larger than 4 MB$/],
  ['a NUL', `${ISSUER}display_name: a\0b`, /^2:16 has a control character: is this a text file\?$/],
  ['an escape sequence for a terminal', `${ISSUER}# \u001b[2J`, /^2:3 has a control character/],
  [
    'a tab as indentation',
    'listen:\n\tport: 1',
    /^2:1 is not YAML as it is read here: Tabs are not allowed as indentation$/,
  ],
  ['an open quote', 'issuer: "https://a\nlisten: {}', /Missing closing "quote/],
  ['a mapping within a line', 'issuer: a: b', /^1:9 is not YAML as it is read here: Nested mappings/],
  [
    'a key given twice',
    'issuer: https://a\nlog: {}\nissuer: https://b',
    /^3:1 issuer is given twice, first at \S+signet\.yaml:1:1$/,
  ],
  [
    'a key given twice further down',
    `${ISSUER}clients:\n  - client_id: a\n    client_id: b`,
    /^4:5 clients\[0\]\.client_id is given twice, first at \S+signet\.yaml:3:5$/,
  ],
  ['two documents', `${ISSUER}---\n${ISSUER}`, /Source contains multiple documents/],
  ['another version of YAML', `%YAML 1.1\n---\n${ISSUER}`, /^1:1 is not YAML 1\.2: remove the %YAML line$/],
  ['a tag of its own', `${ISSUER}display_name: !env NAME`, /Unresolved tag: !env/],
  ['a tag for code', `${ISSUER}display_name: !!js/function "x"`, /Unresolved tag/],
  ['a tag for bytes', `${ISSUER}display_name: !!binary aGk=`, /Unresolved tag/],
  ['a merge key', `${ISSUER}log: { <<: { level: info } }`, /^2:8 log\.<< is not a known key$/],
  ['the key __proto__', `${ISSUER}__proto__: { log: 1 }`, /^2:1 __proto__ is not a key that can be used$/],
  [
    'the key __proto__ in a group',
    `${ISSUER}log: { __proto__: { level: info } }`,
    /^2:8 log\.__proto__ is not a key/,
  ],
  ['the key constructor', `${ISSUER}constructor: { prototype: 1 }`, /^2:1 constructor is not a known key$/],
  ['a list at the top', '- issuer', /^1:1 The file must be a group of keys with values$/],
  ['a text at the top', 'issuer', /^1:1 The file must be a group of keys with values$/],
  ['a key that is a group', '? { a: b }\n: c', /all keys must be strings/],
  [
    'an alias of nothing',
    `${ISSUER}log: *nothing`,
    /^2:6 log repeats the anchor "nothing", which is not set before$/,
  ],
  [
    'an alias within its own anchor',
    `${ISSUER}users: &a [ *a ]`,
    /^\S+signet\.yaml repeats its anchors too often$/,
  ],
  [
    'an anchor set twice',
    'issuer: &a http://localhost:8080\ndisplay_name: &a x',
    /^2:18 display_name sets the anchor "a" again$/,
  ],
  ['deep flow nesting', `issuer: ${'['.repeat(100_000)}`, /is nested too deeply$/],
  [
    'deep block nesting',
    Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    /is nested too deeply$/,
  ],
];

for (const [name, yaml, fault] of HOSTILE) {
  test(`refused with its place: ${name}`, () => {
    const faults = faultsOf({ yaml });
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults.join('\n'), fault);
  });
}

test('an alias bomb is refused before it is spread', () => {
  const levels = 'abcdefghij'.split('').map((name, index, all) => {
    const inner = index === 0 ? 'x' : `*${all[index - 1]}`;
    return `${name}: &${name} [ ${Array.from({ length: 9 }, () => inner).join(', ')} ]`;
  });
  const started = performance.now();
  assert.match(
    faultsOf({ yaml: `${ISSUER}${levels.join('\n')}` }).join('\n'),
    /repeats its anchors too often/,
  );
  assert.ok(performance.now() - started < 2000);
});

test('a file of thousands of clients is read in good time', () => {
  const client = (index: number) =>
    `  - { client_id: c${index}, client_secret: s, redirect_uris: [ "https://app.example.com/${index}" ] }`;
  const yaml = `${ISSUER}clients:\n${Array.from({ length: 3000 }, (_, index) => client(index)).join('\n')}`;
  assert.deepEqual(faultsOf({ yaml }), []);
});

test('texts that other readers take for true or for a date stay texts', () => {
  const yaml = `${ISSUER}users: [ { username: no, password: off, claims: { birthdate: 1980-01-01, nickname: yes } } ]`;
  assert.deepEqual(faultsOf({ yaml }), []);
});

test('an empty file only lacks its issuer', () => {
  for (const yaml of ['', '# nothing yet\n', '\uFEFF']) {
    assert.match(faultsOf({ yaml }).join('\n'), /^1:1 issuer is missing[^\n]*$/);
  }
});
