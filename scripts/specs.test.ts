import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPECS, type Spec } from './spec-sections.ts';
import { specsMarkdown } from './specs.ts';

const SPEC: Spec = {
  name: 'RFC 6749',
  title: 'The OAuth 2.0 Authorization Framework',
  url: 'https://a.example/rfc6749',
  sections: [
    { number: '1', title: 'Introduction', note: 'introduction' },
    { number: '4.1.2', title: 'Authorization Response' },
    { number: '4.1.2.1', title: 'Error | Response' },
    { number: '5.2', title: 'Error Response' },
  ],
};
const CORE: Spec = {
  name: 'OIDC Core',
  title: 'OpenID Connect Core 1.0 incorporating errata',
  url: '',
  sections: [{ number: '2', title: 'ID Token' }],
};

function rowOf(section: string, files: Record<string, string>, specs = [SPEC]): string | undefined {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return specsMarkdown(sources, specs)
    .split('\n')
    .find((line) => line.startsWith(`| ${section} |`));
}

test('a section that nothing cites is not implemented, unless a note says why there is nothing to do', () => {
  assert.equal(rowOf('5.2', {}), '| 5.2 | Error Response | **not implemented** |  |');
  assert.equal(rowOf('1', {}), '| 1 | Introduction | _introduction_ |  |');
});

test('a citation in code is linked from its section, and from no other', () => {
  const files = { 'packages/server/src/oauth/code.ts': '/** A code (RFC 6749 §4.1.2). */' };
  assert.equal(
    rowOf('4.1.2', files),
    '| 4.1.2 | Authorization Response | [oauth/code.ts](../packages/server/src/oauth/code.ts) |  |',
  );
  assert.match(rowOf('4.1.2.1', files) ?? '', /not implemented/);
});

test('a test that names a section is shown with its sentence', () => {
  const files = {
    'packages/server/test/code.test.ts': "test('a code is used once (RFC 6749 §4.1.2)', () => {});",
  };
  assert.equal(
    rowOf('4.1.2', files),
    '| 4.1.2 | Authorization Response |  | [test/code.test.ts](../packages/server/test/code.test.ts)<br>– a code is used once (RFC 6749 §4.1.2) |',
  );
});

test('several sections may follow one name, over the end of a line too', () => {
  const files = { 'packages/server/src/a.ts': ' * see RFC 6749 §4.1.2, §4.1.2.1\n * and §5.2\n' };
  for (const section of ['4.1.2', '4.1.2.1', '5.2'])
    assert.match(rowOf(section, files) ?? '', /a\.ts/, section);
});

test('a specification may be cited by its whole title', () => {
  for (const name of ['OIDC Core', 'OIDC Core 1.0', 'OpenID Connect Core 1.0', 'OpenID Connect Core']) {
    assert.match(rowOf('2', { 'examples/a.ts': `// ${name} §2` }, [CORE]) ?? '', /examples\/a\.ts/, name);
  }
});

test('a section that does not exist is refused, with the file that cites it', () => {
  const files = [{ path: 'packages/server/src/a.ts', text: '// RFC 6749 §99' }];
  assert.throws(() => specsMarkdown(files, [SPEC]), /packages\/server\/src\/a\.ts: RFC 6749 §99/);
});

test('other specifications are listed as they are cited; scripts and documents do not count', () => {
  const text = specsMarkdown(
    [
      { path: 'packages/server/src/a.ts', text: '// RFC 7515 §4.1.9' },
      { path: 'scripts/b.ts', text: '// RFC 7516 §1' },
      { path: 'docs/c.md', text: 'RFC 7517 §1' },
    ],
    [SPEC],
  );
  assert.match(text, /\| RFC 7515 §4\.1\.9 \| \[a\.ts\]/);
  assert.doesNotMatch(text, /RFC 751[67]/);
});

test('the totals count the sections that bind', () => {
  const files = [{ path: 'packages/server/src/a.ts', text: '// RFC 6749 §5.2' }];
  assert.match(specsMarkdown(files, [SPEC]), /\| \[RFC 6749\]\(#rfc-6749\) \| 3 \| 1 \| 0 \| 2 \|/);
});

test('a title cannot break the table', () => {
  assert.match(rowOf('4.1.2.1', {}) ?? '', /\| Error \\\| Response \|/);
});

test('the document does not depend on the order of the files', () => {
  const files = ['b', 'a', 'c'].map((name) => ({
    path: `packages/server/src/${name}.ts`,
    text: '// RFC 6749 §5.2',
  }));
  assert.equal(specsMarkdown(files, [SPEC]), specsMarkdown(files.toReversed(), [SPEC]));
});

test('the listed sections have numbers in rising order, and titles', () => {
  for (const { name, sections } of SPECS) {
    const numbers = sections.map(({ number }) => number);
    const sorted = numbers.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    assert.deepEqual(numbers, sorted, name);
    assert.ok(
      sections.every(({ number, title }) => /^\d+(\.\d+)*$/.test(number) && title !== ''),
      name,
    );
  }
});
