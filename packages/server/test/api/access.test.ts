import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allowedByRole } from '../../src/admin/roles.ts';
import { changeUser } from '../../src/admin/user-changes.ts';
import { findUser, lockUser, setDisabled } from '../../src/admin/users.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import type { UserRole } from '../../src/model/user.ts';
import { tokensFor } from '../support/person.ts';
import { startSignet } from '../support/signet.ts';
import {
  ALICE,
  callerWith,
  consoleTokens,
  OTTO,
  PEOPLE,
  ROOT,
  SUE,
  service,
  serviceToken,
  signedIn,
  startWithApi,
} from './support.ts';

const CLOSED = OPERATIONS.filter(({ needs }) => needs !== 'nothing');
const SCOPED = CLOSED.filter(({ needs }) => needs !== 'token');
const lineOf = ({ method, path }: (typeof OPERATIONS)[number]) =>
  `${method} ${path.replaceAll(/\{\w+\}/g, '7')}`;

test('no operation is open to whoever brings no token, or one that is for something else', async (t) => {
  const signet = await startWithApi(t);
  const own = await tokensFor(signet);
  const tokens = await consoleTokens(signet);
  const strangers = {
    'no token': undefined,
    'an access token of another application': own['access_token'],
    'an ID token of the console': tokens['id_token'],
    'a refresh token of the console': tokens['refresh_token'],
    'a text that is no token': 'nonsense',
  };
  for (const [name, token] of Object.entries(strangers)) {
    const call = callerWith(signet, token);
    for (const operation of CLOSED) {
      const { status, headers, body } = await call(lineOf(operation));
      assert.equal(status, 401, `${lineOf(operation)} with ${name}`);
      const challenge = headers.get('www-authenticate') ?? '';
      assert.match(challenge, token === undefined ? /^Bearer realm="[^"]*"$/ : /error="invalid_token"/);
      assert.equal(headers.get('content-type'), 'application/problem+json');
      assert.equal(body['status'], 401);
    }
  }
});

test('an administrator of another tenant is nobody here', async (t) => {
  const [signet, other] = [await startWithApi(t), await startWithApi(t)];
  const call = callerWith(signet, (await consoleTokens(other))['access_token']);
  for (const operation of CLOSED)
    assert.equal((await call(lineOf(operation))).status, 401, lineOf(operation));
});

describe('each operation takes its own scope, and a role that has it', () => {
  const outcome = async (call: ReturnType<typeof callerWith>, operation: (typeof OPERATIONS)[number]) => {
    const { status, body } = await call(lineOf(operation));
    assert.ok(status < 500, `${lineOf(operation)}: ${JSON.stringify(body)}`);
    return status === 401 || (status === 403 && /takes the scope|does not open/.test(String(body['detail'])))
      ? 'refused'
      : 'let in';
  };

  test('a token with every other scope is refused', async (t) => {
    const signet = await startWithApi(t);
    for (const scope of new Set(SCOPED.map(({ needs }) => needs))) {
      const others = [...new Set(SCOPED.map(({ needs }) => needs))].filter((one) => one !== scope);
      const call = await service(signet, 'robot', others.join(' '));
      for (const operation of SCOPED) {
        const all = [operation.needs, ...(operation.needsToo ?? [])];
        const expected = all.some((one) => one === scope) ? 'refused' : 'let in';
        // Only what is read, so that nothing of the other rows of the matrix is gone.
        if (expected === 'let in' && operation.method !== 'GET') continue;
        assert.equal(await outcome(call, operation), expected, `${lineOf(operation)} without ${scope}`);
      }
    }
  });

  for (const account of [ROOT, SUE, OTTO, ALICE]) {
    test(`${account.username} at the console may do what the role opens`, async (t) => {
      const signet = await startWithApi(t);
      const { role = 'user' } = PEOPLE.find((one) => one.username === account.username) as {
        role?: UserRole;
      };
      const call = await signedIn(signet, account);
      for (const operation of SCOPED) {
        const expected = allowedByRole(role).some((scope) => scope === operation.needs)
          ? 'let in'
          : 'refused';
        // What the administrator may end is ended in other tests.
        if (expected === 'let in' && operation.method !== 'GET') continue;
        assert.equal(await outcome(call, operation), expected, lineOf(operation));
      }
      const { body } = await call('GET /me');
      assert.equal(body['role'], role);
      assert.deepEqual(new Set([body['permissions']].flat()), new Set(allowedByRole(role)));
    });
  }
});

test('a scope that is not registered any more opens nothing, whatever the token says', async (t) => {
  const signet = await startWithApi(t);
  const call = await service(signet, 'reader');
  assert.equal((await call('GET /clients')).status, 200);
  const root = await signedIn(signet);
  const etag = (await root('GET /clients/reader')).headers.get('etag') ?? '';
  await root('PATCH /clients/reader', {
    body: { scope: 'signet:users:read' },
    headers: { 'if-match': etag },
  });
  const { status, headers } = await call('GET /clients');
  assert.equal(status, 403);
  assert.match(
    headers.get('www-authenticate') ?? '',
    /error="insufficient_scope", scope="signet:clients:read"/,
  );
});

test('the role is that of this moment, and a locked or disabled person is out at once', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  assert.equal((await call('GET /clients')).status, 200);
  const root = (await findUser(signet.provider, 'root')) ?? assert.fail('no root');
  await changeUser(signet.provider, root, { claims: {}, role: 'user' });
  assert.equal((await call('GET /clients')).status, 403);
  await changeUser(signet.provider, root, { claims: {}, role: 'auditor' });
  assert.equal((await call('GET /clients')).status, 200);
  await lockUser(signet.provider, 'root');
  assert.equal((await call('GET /me')).status, 403);
  await setDisabled(signet.provider, 'root', true);
  assert.equal((await call('GET /me')).status, 401);
});

test('a client that names no scope of the administration in its registration gets none', async (t) => {
  const signet = await startSignet(t, {
    users: PEOPLE,
    clients: [{ client_id: 'all', client_secret: 'the-secret', grant_types: ['client_credentials'] }],
  });
  const ask = (form: Record<string, string>) =>
    fetch(signet.url('/token'), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'all',
        client_secret: 'the-secret',
        ...form,
      }),
    }).then(async (response) => (await response.json()) as Record<string, unknown>);
  assert.equal((await ask({ scope: 'signet:clients:read' }))['error'], 'invalid_scope');
  assert.equal((await ask({ resource: signet.url('/api/v1') }))['error'], 'invalid_target');
  const discovery = await (await fetch(signet.url('/.well-known/openid-configuration'))).text();
  assert.doesNotMatch(discovery, /signet:clients/);
});

test('a token that is for another resource too proves nothing here', async (t) => {
  const resource = 'https://api.example';
  const both = {
    client_id: 'both',
    client_secret: 'the-secret',
    grant_types: ['client_credentials'],
    scope: 'signet:clients:read files',
  };
  const signet = await startSignet(t, {
    users: PEOPLE,
    clients: [both],
    resources: [{ resource, scope: 'files' }],
  });
  const token = async (form: Record<string, string>) => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: both.client_id,
      client_secret: both.client_secret,
      scope: both.scope,
      ...form,
    });
    const response = await fetch(signet.url('/token'), { method: 'POST', body });
    return String(((await response.json()) as Record<string, unknown>)['access_token']);
  };
  assert.equal((await callerWith(signet, await token({}))('GET /clients')).status, 401);
  const narrowed = await token({ resource: signet.url('/api/v1') });
  assert.equal((await callerWith(signet, narrowed)('GET /clients')).status, 200);
});

test('the interface stands below the site, in every profile', async (t) => {
  for (const profile of ['cells', 'ocis', 'userclouds']) {
    const issuer_path = profile === 'cells' ? '/oidc' : '';
    const signet = await startSignet(t, { profile, issuer_path, users: PEOPLE, clients: [] });
    const site = signet.provider.tenant.site;
    const response = await fetch(`${site}/api/v1/clients`);
    assert.equal(response.status, 401, profile);
    assert.equal((await fetch(`${site}/api/v1/openapi.json`)).status, 200, profile);
    const clients = await signet.provider.store.pageClients(signet.provider.tenant.id, {
      after: '',
      atMost: 99,
      source: 'built-in',
    });
    assert.deepEqual(
      clients.map(({ metadata }) => metadata.redirect_uris),
      [['http://127.0.0.1/callback'], [`${site}/console/callback`]],
      profile,
    );
  }
});

test('addresses and methods that are not there are told in the same shape', async (t) => {
  const signet = await startWithApi(t);
  const call = callerWith(signet, undefined);
  for (const line of ['GET /', 'GET /nothing', 'GET /clients/', 'GET /clients/%ZZ', 'GET /clients/%00'])
    assert.equal((await call(line)).status, 404, line);
  const { status, headers, body } = await call('DELETE /clients');
  assert.deepEqual([status, headers.get('allow')], [405, 'GET, POST']);
  assert.equal(body['type'], 'urn:signet:problem:method-not-allowed');
  assert.ok(await serviceToken(signet, 'robot'));
});
