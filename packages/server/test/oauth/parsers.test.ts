import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchRedirectUri, redirectUriFault } from '../../src/model/redirect-uri.ts';
import { formatScope, parseScope } from '../../src/model/scope.ts';
import { decodeBase64url, formatHandle, parseHandle } from '../../src/model/secret.ts';
import { parseClaimsParameter } from '../../src/oauth/authorize/claims-parameter.ts';
import { parseResponseType } from '../../src/oauth/authorize/reply-target.ts';
import { parseBasic } from '../../src/oauth/client-auth.ts';
import { OAuthError } from '../../src/oauth/error.ts';
import { parseParams } from '../../src/oauth/params.ts';
import { parseRefreshToken } from '../../src/oauth/refresh-token.ts';

/** Whatever is put in, it comes to a value or to a refusal, never to another fault. */
function refusesAtMost(work: () => unknown): void {
  try {
    work();
  } catch (fault) {
    assert.ok(fault instanceof OAuthError, String(fault));
  }
}
const text = fc.string({ unit: 'binary', maxLength: 200 });
const pieces = fc.constantFrom(
  'a',
  'Z',
  '%41',
  '%',
  '+',
  '&',
  '=',
  ' ',
  '..',
  '/',
  ':',
  '@',
  '#',
  '?',
  '\\',
  '[',
  ']',
  '1',
  '127.0.0.1',
  'localhost',
  ';',
  '\0',
  'ü',
);
const mixed = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
const rules = { localhostAnyPort: true, anyLoopback: false, hostsAlike: false, anyPath: false };

test('parameters that a form carries are read as they were meant, and anything else is refused (RFC 6749 §3.1)', () => {
  const pairs = fc.array(
    fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme', minLength: 1 })),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pairs, (sent) => {
      const usable = sent.filter((pair) => !pair.join('').includes('\0'));
      const read = parseParams(new URLSearchParams(usable).toString());
      for (const [name, value] of usable) assert.ok(read.get(name)?.includes(value));
    }),
  );
  fc.assert(fc.property(fc.oneof(text, mixed), (any) => refusesAtMost(() => parseParams(any))));
});

test('a scope is read in order and without repeats, and writing it gives the same again (RFC 6749 §3.3)', () => {
  fc.assert(
    fc.property(fc.oneof(text, mixed), (any) => {
      const scope = parseScope(any);
      if (scope === undefined) return;
      assert.equal(new Set(scope).size, scope.length);
      assert.ok(scope.every((value) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(value)));
      assert.deepEqual(parseScope(formatScope(scope)), scope);
    }),
  );
});

test('the claims parameter is read or refused, whatever JSON it is (OIDC Core §5.5)', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), text), (any) => refusesAtMost(() => parseClaimsParameter(any))));
  const part = fc.dictionary(
    fc.string(),
    fc.oneof(
      fc.constant(null),
      fc.record(
        { essential: fc.boolean(), value: fc.jsonValue(), values: fc.array(fc.jsonValue()) },
        { requiredKeys: [] },
      ),
    ),
  );
  fc.assert(
    fc.property(part, (userinfo) => {
      assert.deepEqual(
        Object.keys(parseClaimsParameter(JSON.stringify({ userinfo })).userinfo ?? {}),
        Object.keys(JSON.parse(JSON.stringify(userinfo))),
      );
    }),
  );
});

test('a Basic header gives back the id and secret that were form-encoded into it (RFC 6749 §2.3.1)', () => {
  const form = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);
  const printable = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(printable, printable, (client_id, secret) => {
      const header = `Basic ${Buffer.from(`${form(client_id)}:${form(secret)}`).toString('base64')}`;
      assert.deepEqual(parseBasic(header), { client_id, secret, method: 'client_secret_basic' });
    }),
  );
  fc.assert(fc.property(fc.oneof(text, mixed), (any) => refusesAtMost(() => parseBasic(any))));
  fc.assert(
    fc.property(text, (any) =>
      refusesAtMost(() => parseBasic(`Basic ${Buffer.from(any).toString('base64')}`)),
    ),
  );
});

test('a redirect URI matches itself, and another text only as a loopback address with another port (RFC 8252 §7.3)', () => {
  const registered = [
    'https://app.example/cb',
    'http://127.0.0.1:9000/cb?x=1',
    'http://[::1]/cb',
    'http://localhost/',
    'com.example.app:/cb',
  ];
  for (const uri of registered) assert.equal(matchRedirectUri(registered, uri, rules), uri);
  const near = fc
    .tuple(fc.constantFrom(...registered), fc.nat(40), mixed)
    .map(([uri, at, extra]) => uri.slice(0, at) + extra + uri.slice(at));
  fc.assert(
    fc.property(fc.oneof(near, mixed, fc.webUrl()), (asked) => {
      const match = matchRedirectUri(registered, asked, rules);
      if (match === undefined || match === asked) return;
      const [found, sent] = [new URL(match), new URL(asked)];
      assert.equal(found.protocol, 'http:');
      assert.equal(sent.hostname, found.hostname);
      assert.equal(asked.replace(/:\d+/, ''), match.replace(/:\d+(?=\/)/, ''));
      assert.equal(sent.username + sent.password + sent.hash, '');
    }),
    { numRuns: 500 },
  );
});

test('judging a redirect URI for registration never fails', () => {
  fc.assert(fc.property(fc.oneof(text, mixed, fc.webUrl()), (any) => void redirectUriFault(any, 'native')));
});

test('a response type is the same in every order of its words, and nothing else is one (OAuth Multiple Response Types §2.2)', () => {
  const words = fc.shuffledSubarray(['code', 'id_token', 'token'], { minLength: 1 });
  fc.assert(
    fc.property(words, (order) =>
      assert.equal(parseResponseType(order.join(' ')), parseResponseType(order.toReversed().join(' '))),
    ),
  );
  fc.assert(
    fc.property(text, (any) =>
      assert.ok(
        /^(code|id_token|token)( (code|id_token|token))*$/.test(any) || parseResponseType(any) === undefined,
      ),
    ),
  );
});

test('a handle has one spelling: no other text is read as the same (RFC 4648 §3.5)', () => {
  const handle = fc.record({ id: fc.nat(), secret: fc.uint8Array({ minLength: 24, maxLength: 24 }) });
  fc.assert(
    fc.property(
      handle,
      fc.nat(45),
      fc.string({ minLength: 1, maxLength: 2 }),
      ({ id, secret }, at, change) => {
        const made = formatHandle('sgac_', { id, secret: Buffer.from(secret) });
        assert.deepEqual(parseHandle('sgac_', made), { id, secret: Buffer.from(secret) });
        assert.equal(parseHandle('sgrt_', made), undefined);
        const changed = made.slice(0, at) + change + made.slice(at + change.length);
        const read = parseHandle('sgac_', changed);
        assert.ok(changed === made || read === undefined || read.id !== id || !read.secret.equals(secret));
      },
    ),
  );
  fc.assert(fc.property(text, (any) => assert.equal(parseRefreshToken(any), undefined)));
  fc.assert(
    fc.property(text, (any) => assert.ok(decodeBase64url(any) === undefined || /^[\w-]*$/.test(any))),
  );
});
