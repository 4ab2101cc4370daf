import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { resourceServer } from '../src/index.ts';
import { wellKnownUrls } from '../src/issuer.ts';
import { fakeIssuer } from '../src/testing.ts';
import { DISCOVERY, json, OAUTH_DISCOVERY, refusalOf, setup } from './support.ts';

const redirect =
  (location: string): RequestListener =>
  (_, response) =>
    response.writeHead(302, { location }).end();

test('discovery is looked for where OpenID and where RFC 8414 §3.1 put it', () => {
  assert.deepEqual(wellKnownUrls('https://id.example.com'), {
    openid: 'https://id.example.com/.well-known/openid-configuration',
    oauth: 'https://id.example.com/.well-known/oauth-authorization-server',
  });
  for (const issuer of ['https://id.example.com/tenants/a', 'https://id.example.com/tenants/a/']) {
    assert.deepEqual(wellKnownUrls(issuer), {
      openid: 'https://id.example.com/tenants/a/.well-known/openid-configuration',
      oauth: 'https://id.example.com/.well-known/oauth-authorization-server/tenants/a',
    });
  }
});

test('an issuer without OpenID discovery is found through RFC 8414, its path included', async (t) => {
  const { id, api, asked } = await setup(t, { path: '/tenants/a' });
  id.answer(`/tenants/a${DISCOVERY}`, (_, response) => response.writeHead(404).end());
  assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).claims.iss, id.issuer);
  assert.equal(asked(`${OAUTH_DISCOVERY}/tenants/a`), 1);
});

test('a discovery document of another issuer is not used (RFC 8414 §3.3)', async (t) => {
  const { id, another } = await setup(t);
  const documents = [
    { issuer: 'https://evil.example', jwks_uri: `${id.issuer}/jwks` },
    { issuer: `${id.issuer}/`, jwks_uri: `${id.issuer}/jwks` },
    { jwks_uri: `${id.issuer}/jwks` },
    { issuer: [id.issuer], jwks_uri: `${id.issuer}/jwks` },
  ];
  for (const document of documents) {
    id.answer(DISCOVERY, json(document));
    const warnings: string[] = [];
    const api = another({ warn: (message) => void warnings.push(message) });
    assert.equal((await refusalOf(api.verify(`Bearer ${await id.accessToken()}`))).status, 503);
    assert.match(warnings.join(), /is the document of issuer .*, but this API trusts/);
  }
  assert.ok(!id.requests.includes('/jwks'));
});

test('an issuer that redirects, answers nonsense or too much is not used', async (t) => {
  const { id, another } = await setup(t);
  const { issuer } = id;
  const good = { issuer, jwks_uri: `${issuer}/jwks` };
  const padding = 'x'.repeat(256 * 1024);
  const text =
    (body: string | Buffer): RequestListener =>
    (_, response) =>
      response.end(body);
  id.answer('/moved', json(good));
  const broken: [string, RequestListener, RegExp][] = [
    [DISCOVERY, redirect(`${issuer}/moved`), /no discovery document \(status 302\)/],
    [DISCOVERY, (_, response) => response.writeHead(500).end(), /status 500/],
    [DISCOVERY, text('<html>'), /could not be read/],
    [DISCOVERY, text('[]'), /no discovery document/],
    [DISCOVERY, text(Buffer.from('22ff22', 'hex')), /not valid for encoding/],
    [DISCOVERY, json({ ...good, padding }), /longer than 262144 bytes/],
    [DISCOVERY, json({ issuer }), /names no jwks_uri/],
    [
      DISCOVERY,
      json({ ...good, jwks_uri: 'http://169.254.169.254/' }),
      /169.254.169.254\/ is not an https URL/,
    ],
    [DISCOVERY, json({ ...good, jwks_uri: 'file:///etc/passwd' }), /is not an https URL/],
    [DISCOVERY, json({ ...good, jwks_uri: 7 }), /names no jwks_uri/],
    ['/jwks', redirect(`${issuer}/moved`), /no key set \(status 302\)/],
    ['/jwks', json({ keys: [], padding }), /longer than 262144 bytes/],
    ['/jwks', json({ keys: [] }), /no key set/],
    ['/jwks', json({ keys: ['key'] }), /no key set/],
    ['/jwks', json([]), /no key set/],
    ['/jwks', (_, response) => response.writeHead(404).end(), /no key set \(status 404\)/],
  ];
  for (const [path, listener, why] of broken) {
    id.answer(path, listener);
    const warnings: string[] = [];
    const api = another({ warn: (message) => void warnings.push(message) });
    assert.equal((await refusalOf(api.verify(`Bearer ${await id.accessToken()}`))).status, 503, String(why));
    assert.match(warnings.join(), why);
    id.answer(path, undefined);
  }
  assert.ok(!id.requests.includes('/moved'));
});

test('a document without end is cut at the limit, not read on', async (t) => {
  const { id, another } = await setup(t);
  let sent = 0;
  id.answer('/jwks', (_, response) => {
    const more = (): void => {
      sent += 65_536;
      if (!response.destroyed && sent < 64 * 1024 * 1024) response.write(' '.repeat(65_536), more);
    };
    more();
  });
  assert.equal((await refusalOf(another({}).verify(`Bearer ${await id.accessToken()}`))).status, 503);
  assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken`);
});

test('an https issuer is asked over https, without cookies, redirects or a body', async (t) => {
  const id = await fakeIssuer();
  t.after(() => id.close());
  const calls: [string, RequestInit][] = [];
  const issuer = 'https://id.example.com/a';
  const keys = JSON.stringify(id.jwks());
  const api = resourceServer({
    issuer,
    audience: id.audience,
    fetch: async (url, init) => {
      calls.push([url, init]);
      return new Response(
        url.endsWith('/keys') ? keys : JSON.stringify({ issuer, jwks_uri: 'https://cdn.example/keys' }),
      );
    },
  });
  assert.equal((await api.verify(`Bearer ${await id.accessToken({ iss: issuer })}`)).claims.iss, issuer);
  assert.deepEqual(
    calls.map(([url]) => url),
    [`${issuer}/.well-known/openid-configuration`, 'https://cdn.example/keys'],
  );
  for (const [, init] of calls) {
    assert.equal(init.redirect, 'manual');
    assert.ok(init.signal instanceof AbortSignal);
    assert.deepEqual(init.headers, { accept: 'application/json' });
  }
});

test('an https issuer cannot send the API to plain http, not even on loopback', async (t) => {
  const { id, another, warnings } = await setup(t);
  const issuer = 'https://id.example.com';
  const api = another({
    issuer,
    fetch: async () => Response.json({ issuer, jwks_uri: `${id.issuer}/jwks` }),
  });
  assert.equal((await refusalOf(api.verify(`Bearer ${await id.accessToken({ iss: issuer })}`))).status, 503);
  assert.match(warnings.join(), /\/jwks is not an https URL/);
});
