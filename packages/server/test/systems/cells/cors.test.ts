import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post } from '../../support/person.ts';
import { asked, CLI_CALLBACK, call, codeFor, startCells, TOKEN } from './cells.ts';

test('a page at localhost may read discovery, keys, tokens, errors, userinfo and revocation (row 33)', async (t) => {
  const cells = await startCells(t);
  const origin = 'http://localhost:3640';
  const reads = async (method: string, path: string, headers = {}): Promise<void> => {
    const seen = await call(cells, [method, path], undefined, { origin, ...headers });
    assert.ok(['*', origin].includes(seen.headers.get('access-control-allow-origin') ?? ''), path);
    // Nothing here looks at cookies, so no page needs to send any.
    assert.equal(seen.headers.get('access-control-allow-credentials'), null);
  };
  await reads('GET', '/oidc/.well-known/openid-configuration');
  await reads('GET', '/oidc/.well-known/jwks.json');
  await reads('GET', '/oidc/userinfo');
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  await reads('POST', TOKEN, form);
  await reads('POST', '/oidc/oauth2/revoke', form);
  const redeemed = await post(
    cells.url(TOKEN),
    {
      grant_type: 'authorization_code',
      code: await codeFor(cells),
      redirect_uri: CLI_CALLBACK,
      client_id: 'cells-client',
    },
    { origin },
  );
  assert.equal(redeemed.status, 200);
  assert.ok(['*', origin].includes(redeemed.headers.get('access-control-allow-origin') ?? ''));
  for (const path of [
    TOKEN,
    '/oidc/userinfo',
    '/oidc/oauth2/revoke',
    '/oidc/.well-known/openid-configuration',
  ]) {
    const { status, headers } = await call(cells, ['OPTIONS', path], undefined, {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    });
    assert.equal(status, 204, path);
    assert.match(headers.get('access-control-allow-headers') ?? '', /authorization.*content-type/i);
  }
});

test('no page of another site may read the authorization endpoint or a login page (row 33)', async (t) => {
  const cells = await startCells(t);
  for (const path of [`/oidc/oauth2/auth?${new URLSearchParams(asked()).toString()}`, '/oauth2/login'])
    assert.equal(
      (await call(cells, ['GET', path], undefined, { origin: 'http://localhost:3640' })).headers.get(
        'access-control-allow-origin',
      ),
      null,
    );
});
