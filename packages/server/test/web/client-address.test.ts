import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientAddress, networkOf, networks } from '../../src/web/client-address.ts';
import type { WebContext } from '../../src/web/site.ts';
import { personAt, request } from '../support/person.ts';
import { startSignet } from '../support/signet.ts';

/** A request as far as addresses go. */
const from = (remoteAddress: string, forwarded?: string): WebContext =>
  ({
    env: { incoming: { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } } },
  }) as unknown as WebContext;

const trusted = networks(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7']);

test('without trusted proxies the connection alone tells the address', () => {
  assert.equal(clientAddress(from('203.0.113.9', '198.51.100.1'), networks([])), '203.0.113.9');
  assert.equal(clientAddress(from('::ffff:203.0.113.9'), networks([])), '203.0.113.9');
});

test('behind trusted proxies it is the last hop that none of them vouches for', () => {
  assert.equal(clientAddress(from('10.1.2.3', '198.51.100.1, 203.0.113.9'), trusted), '203.0.113.9');
  assert.equal(
    clientAddress(from('10.1.2.3', '198.51.100.1, 203.0.113.9, 10.9.9.9, 192.0.2.7'), trusted),
    '203.0.113.9',
  );
  assert.equal(clientAddress(from('2001:db8::1', '198.51.100.1'), trusted), '198.51.100.1');
});

test('a hop that is no address ends the search at the last proxy', () => {
  assert.equal(clientAddress(from('10.1.2.3', 'unknown'), trusted), '10.1.2.3');
  assert.equal(clientAddress(from('10.1.2.3', ''), trusted), '10.1.2.3');
  assert.equal(clientAddress(from('10.1.2.3', '<script>, 10.0.0.1'), trusted), '10.0.0.1');
});

test('one IPv6 household is one network, however its addresses are written', () => {
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2::9'));
  assert.notEqual(networkOf('2001:db8:1:2::9'), networkOf('2001:db8:1:3::9'));
  assert.equal(networkOf('203.0.113.9'), '203.0.113.9');
});

test('a forwarded address from a stranger does not dodge the count of failures', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const seen = await person.visit(page.url, { headers: { 'x-forwarded-for': `198.51.100.${attempt}` } });
    statuses.push((await person.submit(seen, { username: 'alice', password: 'wrong-password' })).status);
  }
  assert.equal(statuses.at(-1), 429);
});
