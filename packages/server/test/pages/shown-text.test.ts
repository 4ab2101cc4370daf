import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownHref, returnHref, webHref } from '../../src/web/pages/href.ts';
import { firstShown, initial, shownText } from '../../src/web/pages/shown-text.ts';

test('characters that turn or hide text are taken out of a name', () => {
  assert.equal(shownText('\u202Ekcub\u202C bank'), 'kcub bank');
  assert.equal(shownText('\u2066a\u2069\u200Fb\u061Cc\u200B\u00ADd\uFEFF'), 'abcd');
  assert.equal(shownText('Acme\u{E0041}\u{E0042}\0\x1b'), 'Acme');
});

test('a name stays on one line', () => {
  assert.equal(shownText('  Acme\r\n\u2028\tInc.\u00A0 '), 'Acme Inc.');
});

test('names of honest scripts stay as they are', () => {
  for (const name of [
    'Zoë',
    'می‌خواهم',
    'שלום',
    '東京アプリ',
    'ผู้ใช้',
    'हिन्दी',
    '👩‍👩‍👧 Family',
    "O'Brien & Söhne",
  ])
    assert.equal(shownText(name), name);
});

test('a name with nothing to be seen gives way to the next', () => {
  for (const blank of ['', ' ', '\u200B\u2060', '\u3164', '\u2800', '\u200D\u200C', '\u0301'])
    assert.equal(firstShown(blank, 'client-7'), 'client-7', JSON.stringify(blank));
  assert.equal(firstShown(undefined, ''), '?');
});

test('a long name is cut between characters, with an ellipsis, however long it was', () => {
  assert.equal(shownText('x'.repeat(80)), 'x'.repeat(80));
  assert.equal(shownText('x'.repeat(10_000)), `${'x'.repeat(79)}…`);
  assert.equal(shownText('👩‍👩‍👧'.repeat(200)).match(/👩‍👩‍👧/gu)?.length, 79);
  assert.equal(shownText('\uD800'), '\uFFFD');
});

test('marks stacked on one letter are thinned out', () => {
  assert.equal(shownText(`Z${'\u0301'.repeat(60)}algo`), `Z${'\u0301'.repeat(4)}algo`);
});

test('the badge shows the first letter of a name', () => {
  assert.equal(initial('élan'), 'É');
  assert.equal(initial('👩‍👩‍👧 Family'), '👩‍👩‍👧');
  assert.equal(initial(''), '?');
});

const SCRIPT_ADDRESSES = [
  'javascript:alert(1)',
  ' JAVAscript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'blob:https://a.example/x',
  'file:///etc/passwd',
];

test('an address that could run as script is never linked to', () => {
  for (const address of SCRIPT_ADDRESSES)
    for (const href of [webHref, ownHref, returnHref]) assert.equal(href(address), undefined, address);
});

test('a link out of the server is an absolute web address', () => {
  assert.equal(webHref('https://a.example/p?q#f'), 'https://a.example/p?q#f');
  for (const address of ['/here', 'a.example', '//a.example', '', 'com.example.app:/cb'])
    assert.equal(webHref(address), undefined);
});

test('a way back may be an app’s private scheme (RFC 8252 §7.1), a page of our own only a path', () => {
  assert.equal(returnHref('com.example.app:/cb'), 'com.example.app:/cb');
  assert.equal(returnHref('myapp:/cb'), undefined);
  assert.equal(ownHref('/login?x=1'), '/login?x=1');
  assert.equal(ownHref('com.example.app:/cb'), undefined);
});
