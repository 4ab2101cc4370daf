import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IntlMessageFormat } from 'intl-messageformat';
import { de } from '../../src/web/pages/texts/de.ts';
import { describeClaim, describeScope } from '../../src/web/pages/texts/describe.ts';
import { en, type TextKey } from '../../src/web/pages/texts/en.ts';
import { translator } from '../../src/web/pages/texts/translate.ts';

const keys = Object.keys(en).filter((key): key is TextKey => Object.hasOwn(en, key));

/** The names a message asks its values for. */
function placeholdersOf(text: string, locale: string): string[] {
  const asked = new Set<string>();
  const values = new Proxy<Record<string, number>>(
    {},
    { has: (_, name) => asked.add(String(name)).size > 0, get: () => 2 },
  );
  new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).format(values);
  return [...asked].toSorted();
}

test('every text exists in every language and takes the same placeholders', () => {
  assert.deepEqual(Object.keys(de).toSorted(), Object.keys(en).toSorted());
  for (const key of keys) assert.deepEqual(placeholdersOf(de[key], 'de'), placeholdersOf(en[key], 'en'), key);
  assert.deepEqual(placeholdersOf(en['login.error.wait'], 'en'), ['duration']);
  assert.deepEqual(placeholdersOf(en['duration.minutes'], 'en'), ['count']);
});

test('no text is blank, padded or written with a straight apostrophe, which ICU would take for a quote', () => {
  for (const [key, text] of [...Object.entries(en), ...Object.entries(de)])
    assert.match(text, /^[^\s'](?:[^']*[^\s'])?$/, key);
});

test('a number takes the plural of its language', () => {
  assert.equal(translator('en')('duration.minutes', { count: 1 }), '1 minute');
  assert.equal(translator('en')('duration.minutes', { count: 2 }), '2 minutes');
  assert.equal(translator('de')('duration.minutes', { count: 2 }), '2 Minuten');
});

test('a language without a catalogue is answered in English', () => {
  for (const locale of ['fr', '', 'en-GB', '__proto__', 'de\0'])
    assert.equal(translator(locale)('login.title'), 'Sign in', locale);
});

test('a placeholder without its value is a fault, never a hole in a sentence', () => {
  assert.throws(() => translator('en')('signed-out.return'), /client/);
});

test('what stands in a value is not read as a message of its own', () => {
  const value = `{client} {count, plural, other {#}} '{' <b>`;
  assert.equal(translator('en')('signed-out.return', { client: value }), `Go back to ${value}`);
});

test('a scope is told in the words of the operator, else in ours, else by its name', () => {
  const t = translator('en');
  assert.equal(describeScope(t, 'email', 'Write you newsletters'), 'Write you newsletters');
  assert.equal(describeScope(t, 'email'), 'See your email address');
  assert.equal(describeScope(t, 'email', ''), 'See your email address');
  assert.equal(describeScope(t, 'invoices.read'), 'invoices.read');
  assert.equal(describeScope(translator('de'), 'phone'), 'Ihre Telefonnummer sehen');
});

test('a claim that is not a standard one is told by its name', () => {
  assert.equal(describeClaim(translator('en'), 'birthdate'), 'date of birth');
  assert.equal(describeClaim(translator('en'), 'constructor'), 'constructor');
});
