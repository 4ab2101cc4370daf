import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ResourceServerOptions, resourceServer, tokenOf } from '../src/index.ts';
import { nodeGuard } from '../src/node.ts';

const good: ResourceServerOptions = { issuer: 'https://id.example.com', audience: 'https://api.example.com' };

test('good options are taken', () => {
  const variants: Partial<ResourceServerOptions>[] = [
    {},
    { issuer: 'https://id.example.com/tenants/a/' },
    { issuer: 'http://localhost:8080' },
    { issuer: 'http://127.0.0.1:8080/a' },
    { issuer: 'http://[::1]:8080' },
    { audience: ['a', 'b'] },
    { algorithms: ['ES256'] },
  ];
  for (const variant of variants) assert.ok(resourceServer({ ...good, ...variant }));
});

test('options that would weaken the check, or cannot work, are refused at once', () => {
  const mistakes: [Partial<ResourceServerOptions>, RegExp][] = [
    [{ issuer: 'id.example.com' }, /issuer/],
    [{ issuer: '' }, /issuer/],
    [{ issuer: 'http://id.example.com' }, /issuer/],
    [{ issuer: 'http://localhost.evil.example' }, /issuer/],
    [{ issuer: 'http://127.0.0.1.evil.example' }, /issuer/],
    [{ issuer: 'https://id.example.com?a=b' }, /issuer/],
    [{ issuer: 'https://id.example.com#a' }, /issuer/],
    [{ issuer: 'https://user:password@id.example.com' }, /issuer/],
    [{ issuer: 'ftp://id.example.com' }, /issuer/],
    [{ audience: '' }, /audience/],
    [{ audience: [] }, /audience/],
    [{ audience: ['a', ''] }, /audience/],
    [{ algorithms: [] }, /algorithms/],
    [{ algorithms: ['none'] }, /algorithms/],
    [{ algorithms: ['ES256', 'HS256'] }, /algorithms/],
    [{ clockTolerance: -1 }, /clockTolerance/],
    [{ clockTolerance: Number.NaN }, /clockTolerance/],
    [{ clockTolerance: Number.POSITIVE_INFINITY }, /clockTolerance/],
    [{ realm: 'a\r\nb' }, /realm/],
    [{ realm: '' }, /realm/],
    [{ resourceMetadata: 'http://api.example.com/' }, /resourceMetadata/],
    [{ introspection: { client_id: 'api', client_secret: '' } }, /introspection/],
    [{ introspection: { client_id: 'api', client_secret: 's', cache: { seconds: Number.NaN } } }, /cache/],
  ];
  for (const [mistake, why] of mistakes) {
    assert.throws(() => resourceServer({ ...good, ...mistake }), { name: 'TypeError', message: why });
  }
});

test('a guard refuses wrong requirements when it is made, not at the first request', () => {
  assert.throws(() => nodeGuard(resourceServer(good), { scope: '' }, () => undefined), TypeError);
});

test('asking for the token of an unguarded request is an error, not undefined', () => {
  assert.throws(() => tokenOf({}), /No guard/);
});
