import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankComments } from './blank.ts';

const bare = (text: string) => blankComments(text, 'blank').replace(/ +/g, ' ').trim();

test('comments become spaces and everything else keeps its place', () => {
  const text = 'a(); // Date.now()\n/* b\n c */ d();';
  const blanked = blankComments(text);
  assert.equal(blanked, 'a();              \n    \n      d();');
  assert.equal(blanked.length, text.length);
});

test('what looks like a comment inside a string or a regular expression stays', () => {
  assert.equal(
    blankComments("x('https://a.example'); y(/[/*]\\/\\//);"),
    "x('https://a.example'); y(/[/*]\\/\\//);",
  );
});

test('the inside of strings is blanked on wish, the code inside a template is not', () => {
  assert.equal(bare('f(\'eval(1)\', "it\\"s")'), 'f(\' \', " ")');
  assert.equal(bare('f(`a $' + '{now({ b: `c $' + '{d}` })} e`)'), 'f(` {now({ b: ` {d}` })} `)');
});

test('a division is not taken for a regular expression', () => {
  assert.equal(bare("a / b; c('x') / 2; return /'/.test(d)"), "a / b; c(' ') / 2; return / /.test(d)");
});

test('an unfinished string ends with its line, so the rest of the file is still read', () => {
  assert.ok(bare("a('b\nDate.now()").endsWith('\nDate.now()'));
});
