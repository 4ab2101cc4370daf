import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchRedirectUri, redirectRules } from '../../src/model/redirect-uri.ts';
import { dev } from '../../src/profiles/dev.ts';
import { PROFILES } from '../../src/profiles/profiles.ts';
import { standard } from '../../src/profiles/standard.ts';

const REGISTERED = ['https://app.example.com/cb', 'http://127.0.0.1:9000/cb'];
const GOOD = [
  'http://localhost:3000/any/path?and=query',
  'http://localhost/',
  'http://127.0.0.1:65535/elsewhere',
  'http://[::1]:1/cb',
];
const BAD = [
  'https://evil.example/cb',
  'http://localhost.evil.example/cb',
  'http://localhost@evil.example/cb',
  'http://user:password@localhost/cb',
  'http://localhost:3000/cb#fragment',
  'http://localhost:3000\\@evil.example/cb',
  'http://localhost:3000/../cb',
  'http://localhost:99999/cb',
  'http://lo\tcalhost/cb',
  ' http://localhost/cb',
  'http://0.0.0.0/cb',
  'http://127.0.0.1.evil.example/cb',
  'com.example.app:/cb',
  'javascript:alert(1)//localhost',
  '',
];

test('where any loopback address is allowed, every plain one is, whatever is registered', () => {
  const rules = redirectRules(dev, 'web');
  for (const uri of GOOD) {
    assert.equal(matchRedirectUri(REGISTERED, uri, rules), uri);
    assert.equal(matchRedirectUri([], uri, rules), uri);
  }
});

test('where any loopback address is allowed, nothing else is that is not registered', () => {
  const rules = redirectRules(dev, 'web');
  for (const uri of BAD) assert.equal(matchRedirectUri(REGISTERED, uri, rules), undefined, uri);
  assert.equal(
    matchRedirectUri(REGISTERED, 'https://app.example.com/cb', rules),
    'https://app.example.com/cb',
  );
});

test('no profile that a configuration can name allows it', () => {
  for (const profile of Object.values(PROFILES)) {
    assert.equal(profile.redirects.any_loopback, false);
    const rules = redirectRules(profile, 'web');
    for (const uri of GOOD)
      assert.equal(matchRedirectUri(['https://app.example.com/cb'], uri, rules), undefined);
  }
});

test('localhost is free in its port for native applications alone', () => {
  const registered = ['http://localhost:1234/cb'];
  const match = (type: 'web' | 'native') =>
    matchRedirectUri(registered, 'http://localhost:9/cb', redirectRules(standard, type));
  assert.equal(match('native'), registered[0]);
  assert.equal(match('web'), undefined);
});
