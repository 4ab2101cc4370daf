import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirectFault } from '../../../console/src/applications/redirect-check.ts';
import { redirectUriFault } from '../../src/model/redirect-uri.ts';

const TEXTS = [
  'https://app.example.com/callback',
  'https://app.example.com/',
  'https://app.example.com',
  'https://app.example.com/callback?tenant=1',
  'http://app.example.com/callback',
  'http://127.0.0.1:8080/cb',
  'http://[::1]/cb',
  'http://localhost:3000/cb',
  'app.example.com/callback',
  '/callback',
  '',
  'https://*.example.com/cb',
  'https://app.example.com/*',
  'https://app.example.com/a b',
  'https://app.example.com\\cb',
  'https://app.example.com/café',
  'https://app.example.com/cb#top',
  'https://alice:secret@app.example.com/cb',
  'https://app.example.com/a/../cb',
  'https://app.example.com/a/%2e%2e/cb',
  'https://app.example.com/cb?code=1',
  'https://app.example.com/cb?state=1',
  'com.example.app:/callback',
  'myapp://callback',
  'javascript:alert(1)',
  'data:text/html,hi',
  'file:///etc/passwd',
  'ftp://app.example.com/cb',
];

for (const type of ['web', 'native'] as const) {
  test(`what the console says of a redirect URI of a ${type} application as it is typed is what the server will say`, () => {
    for (const text of TEXTS)
      assert.equal(redirectFault(text, type) === undefined, redirectUriFault(text, type) === undefined, text);
  });
}
