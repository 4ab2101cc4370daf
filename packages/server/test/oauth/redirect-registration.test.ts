import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirectUriFault } from '../../src/model/redirect-uri.ts';

const isGood = (uri: string, type: 'web' | 'native' = 'web') =>
  assert.equal(redirectUriFault(uri, type), undefined, uri);
const isFaulty = (uri: string, type: 'web' | 'native' = 'web') => assert.ok(redirectUriFault(uri, type), uri);

test('https addresses and plain http on this machine can be registered (RFC 6749 §3.1.2.1, RFC 9700 §2.6)', () => {
  for (const uri of [
    'https://app.example/cb',
    'https://app.example/cb?tenant=1',
    'http://127.0.0.1/cb',
    'http://localhost:3000/',
    'http://[::1]/x',
  ])
    isGood(uri);
  for (const uri of ['http://app.example/cb', 'http://127.0.0.1.example/cb', 'http://10.0.0.1/cb'])
    isFaulty(uri);
});

test('only absolute URIs without fragment, user name and dot segments can be registered (RFC 6749 §3.1.2)', () => {
  for (const uri of [
    '/cb',
    'cb',
    '',
    'https://',
    'https://a.example/cb#x',
    'https://a.example/cb#',
    'https://u@a.example/cb',
    'https://u:p@a.example/',
    'https://a.example/./cb',
    'https://a.example/x/../cb',
    'https://a.example/%2E%2e/cb',
    'https://a.example/cb/..',
  ])
    isFaulty(uri);
});

test('wildcards and characters that programs read in different ways cannot be registered (RFC 9700 §4.1.3)', () => {
  for (const uri of [
    'https://*.example/cb',
    'https://a.example/*',
    'https://a.example\\cb',
    'https://a.example/c b',
    'https://a.example/ü',
    'https://a.example/cb\n',
  ])
    isFaulty(uri);
});

test('a query that answers could be mistaken for cannot be registered (RFC 9207 §4)', () => {
  for (const name of ['code', 'state', 'iss', 'error', 'session_state', 'id_token', 'access_token'])
    isFaulty(`https://a.example/cb?${name}=x`);
  isFaulty('https://a.example/cb?%63ode=x');
  isGood('https://a.example/cb?code_of_country=de');
});

test('private schemes are for native clients and carry a dot (RFC 8252 §7.1, §8.4)', () => {
  isGood('com.example.app:/cb', 'native');
  isFaulty('com.example.app:/cb');
  for (const uri of [
    'myapp:/cb',
    'javascript:alert(1)',
    'JAVASCRIPT:x',
    'data:text/html,x',
    'file:///x',
    'ws://a.example/',
    'mailto:a@example.com',
  ])
    isFaulty(uri, 'native');
});
