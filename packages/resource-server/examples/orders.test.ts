import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AccessRefused, resourceServer } from '@signet/resource-server';
import { fakeIssuer } from '@signet/resource-server/testing';

const id = await fakeIssuer({ audience: 'https://api.example.com' });
after(() => id.close());
const api = resourceServer({ issuer: id.issuer, audience: id.audience });

test('a token with the scope opens the orders', async () => {
  const token = await id.accessToken({ sub: 'alice', scope: 'orders:read' });
  assert.equal((await api.verify(`Bearer ${token}`, { scope: 'orders:read' })).sub, 'alice');
});

test('a token without the scope does not', async () => {
  const token = await id.accessToken({ sub: 'alice', scope: 'profile' });
  await assert.rejects(api.verify(`Bearer ${token}`, { scope: 'orders:read' }), (error) => {
    return error instanceof AccessRefused && error.status === 403;
  });
});
