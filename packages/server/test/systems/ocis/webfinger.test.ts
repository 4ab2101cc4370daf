import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, personAt } from '../../support/person.ts';
import { startSignet } from '../../support/signet.ts';
import { ask, startOcis } from './ocis.ts';

const ocis = await startOcis({ after });
const { host, hostname } = new URL(ocis.issuer);
const ISSUER = { rel: 'http://openid.net/specs/connect/1.0/issuer', href: ocis.issuer };
const SERVER = { rel: 'http://webfinger.owncloud/rel/server-instance', href: ocis.issuer };

const lookUp = (parameters: [string, string][], init: RequestInit = {}) =>
  fetch(`${ocis.issuer}/.well-known/webfinger?${new URLSearchParams(parameters).toString()}`, init);

test('the address of the server leads to its issuer, and the subject is the address that was asked for (row 86)', async () => {
  for (const resource of [ocis.issuer, `${ocis.issuer}/`, `acct:alice@${host}`, `acct:alice@${hostname}`]) {
    const response = await lookUp([['resource', resource]]);
    assert.equal(response.status, 200, resource);
    assert.equal(response.headers.get('content-type'), 'application/jrd+json');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.deepEqual(await response.json(), { subject: resource, links: [ISSUER] });
  }
});

test('rel leaves only what was asked for (row 86)', async () => {
  const wanted = await lookUp([
    ['resource', ocis.issuer],
    ['rel', ISSUER.rel],
  ]);
  assert.deepEqual(await wanted.json(), { subject: ocis.issuer, links: [ISSUER] });
  const other = await lookUp([
    ['resource', ocis.issuer],
    ['rel', 'http://example.com/rel'],
  ]);
  assert.deepEqual(await other.json(), { subject: ocis.issuer, links: [] });
});

test('with an access token, acct:me leads a person to their server (row 86)', async () => {
  const { access_token = '' } = answerOf(await personAt(ocis).grant(ask({ response_type: 'token' })));
  const headers = { authorization: `Bearer ${access_token}` };
  const response = await lookUp(
    [
      ['resource', `acct:me@${host}`],
      ['rel', SERVER.rel],
    ],
    { headers },
  );
  assert.deepEqual(await response.json(), { subject: `acct:alice@${host}`, links: [SERVER] });
});

test('a token that is none is 401 and tells nothing (row 86)', async () => {
  const headers = { authorization: 'Bearer nonsense' };
  const response = await lookUp([['resource', `acct:me@${host}`]], { headers });
  assert.equal(response.status, 401);
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer /);
  assert.equal(await response.text(), '');
});

test('what is missing, malformed or elsewhere is not found, and not repeated (row 86)', async () => {
  const wishes: readonly [string, number][] = [
    ['', 400],
    ['no address', 400],
    [`https://${'a'.repeat(3000)}.example`, 400],
    ['https://evil.example', 404],
    [`http://evil.example/?${ocis.issuer}`, 404],
    [`acct:me@evil.example`, 404],
    [`acct:${host}@evil.example`, 404],
    ['javascript:alert(1)', 404],
    [`http://${host}@evil.example`, 404],
  ];
  for (const [resource, status] of wishes) {
    const response = await lookUp([['resource', resource]]);
    assert.deepEqual([response.status, await response.text()], [status, ''], resource);
  }
  assert.equal((await lookUp([['resource', ocis.issuer]], { method: 'POST' })).status, 405);
});

test('other systems have no webfinger', async (t) => {
  const signet = await startSignet(t);
  const path = `/.well-known/webfinger?resource=${encodeURIComponent(signet.issuer)}`;
  assert.equal((await fetch(signet.url(path))).status, 404);
});
