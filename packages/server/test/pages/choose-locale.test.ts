import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLocale } from '../../src/web/pages/texts/choose-locale.ts';

test('ui_locales is heard first, in its order (OpenID Connect Core 1.0 §3.1.2.1)', () => {
  assert.equal(chooseLocale({ uiLocales: 'fr-CA de en', acceptLanguage: 'en' }), 'de');
  assert.equal(chooseLocale({ uiLocales: 'en de', acceptLanguage: 'de' }), 'en');
});

test('without a ui_locales we have, the heaviest Accept-Language decides (RFC 9110 §12.5.4)', () => {
  assert.equal(chooseLocale({ uiLocales: 'fr', acceptLanguage: 'en;q=0.5, de-AT;q=0.8' }), 'de');
  assert.equal(chooseLocale({ acceptLanguage: 'fr, en;q=0.9, de;q=0.9' }), 'en');
  assert.equal(chooseLocale({ acceptLanguage: 'DE-ch' }), 'de');
});

test('a language at q=0 is refused by its reader', () => {
  assert.equal(chooseLocale({ acceptLanguage: 'de;q=0, fr' }), 'en');
});

test('nothing, and nothing we have, is answered in English', () => {
  assert.equal(chooseLocale({}), 'en');
  for (const acceptLanguage of ['', '*', 'fr', 'xx-YY;q=1'])
    assert.equal(chooseLocale({ acceptLanguage }), 'en', acceptLanguage);
});

test('a malformed wish counts as none', () => {
  for (const wish of [
    'de;q=2',
    'de;q=abc',
    'de;q=-1',
    'de;q=0.12345',
    'de;q=',
    ';;;,,,',
    'd\0e',
    'deutsch',
    '-de',
    '\uD800',
  ])
    assert.equal(chooseLocale({ acceptLanguage: wish }), 'en', wish);
});

test('of a huge wish only the beginning is read', () => {
  const filler = 'xx,'.repeat(2_000_000);
  assert.equal(chooseLocale({ acceptLanguage: `${filler}de` }), 'en');
  assert.equal(chooseLocale({ uiLocales: 'de '.repeat(2_000_000) }), 'de');
});
