import assert from 'node:assert/strict';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import { planOf } from '../../src/admin/plan.ts';
import { temporaryFolder } from '../store/temporary.ts';
import { basic, post } from '../support/person.ts';
import type { Signet } from '../support/signet.ts';
import { type Caller, itemsOf, SERVICES, signedIn, startWithApi } from './support.ts';

const API = 'https://api.example';
const AT = (resource: string): string => `/resources/${encodeURIComponent(resource)}`;

const tagOf = async (call: Caller, path: string) => ({
  'if-match': (await call(`GET ${path}`)).headers.get('etag') ?? '',
});
const patch = async (call: Caller, path: string, body: object) =>
  call(`PATCH ${path}`, { body, headers: await tagOf(call, path) });
const discovery = async (signet: Signet): Promise<Readonly<Record<string, unknown>>> =>
  (await (await fetch(signet.url('/.well-known/openid-configuration'))).json()) as Record<string, unknown>;
const scopesOffered = async (signet: Signet): Promise<readonly unknown[]> =>
  [(await discovery(signet))['scopes_supported']].flat();

/** What is answered at another host than that of the address. */
const textAt = async (signet: Signet, host: string, path: string): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get(signet.url(path), { headers: { host } }, (response) => {
    text(response).then(resolve, reject);
  }).on('error', reject);
  return promise;
};

const SHOP = {
  client_id: 'shop',
  client_secret: 'a-secret-of-the-shop',
  grant_types: ['client_credentials'],
};
const shopToken = (signet: Signet, form: Readonly<Record<string, string>>) =>
  post(
    signet.url('/token'),
    { grant_type: 'client_credentials', ...form },
    basic('shop', SHOP.client_secret),
  );

describe('scopes and resources over HTTP', () => {
  test('a scope that is made counts from the next request on, and no more when it is deleted', async (t) => {
    const signet = await startWithApi(t);
    const call = await signedIn(signet);
    const made = await call('POST /scopes', {
      body: { scope: 'orders:read', description: 'See your orders', claims: ['customer_number'] },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { created_at: _c, updated_at: _u, ...told } = made.body;
    assert.deepEqual(told, {
      scope: 'orders:read',
      description: 'See your orders',
      claims: ['customer_number'],
      source: 'manual',
      version: 1,
    });
    assert.equal(made.headers.get('location'), signet.url('/api/v1/scopes/orders%3Aread'));
    assert.deepEqual((await call('GET /scopes/orders%3Aread')).body, made.body);
    assert.ok((await scopesOffered(signet)).includes('orders:read'));
    assert.ok([(await discovery(signet))['claims_supported']].flat().includes('customer_number'));
    assert.equal((await patch(call, '/scopes/orders%3Aread', { claims: ['number'] })).status, 200);
    assert.ok([(await discovery(signet))['claims_supported']].flat().includes('number'));
    assert.equal((await call('DELETE /scopes/orders%3Aread')).status, 204);
    assert.ok(!(await scopesOffered(signet)).includes('orders:read'));
    assert.equal((await call('GET /scopes/orders%3Aread')).status, 404);
    assert.equal((await call('DELETE /scopes/orders%3Aread')).status, 404);
  });

  test('every node obeys a change, and every issuer of the tenant', async (t) => {
    const database = `sqlite:${temporaryFolder(t)}/signet.db`;
    const second = 'http://other.example';
    const config = { database, node_count: 2, allow_insecure_issuer: true, sites: [second] };
    const signet = await startWithApi(t, { ...config, resources: [{ resource: API }] });
    const call = await signedIn(signet);
    const everywhere = async (name: string) => {
      const seen: boolean[] = [];
      for (let times = 0; times < 2; times += 1) {
        seen.push((await scopesOffered(signet)).includes(name));
        const elsewhere = await textAt(signet, 'other.example', '/.well-known/openid-configuration');
        assert.match(elsewhere, /"issuer":"http:\/\/other\.example"/);
        seen.push(elsewhere.includes(`"${name}"`));
      }
      return seen;
    };
    assert.deepEqual(await everywhere('all:nodes'), [false, false, false, false]);
    assert.equal((await call('POST /scopes', { body: { scope: 'all:nodes' } })).status, 201);
    assert.deepEqual(await everywhere('all:nodes'), [true, true, true, true]);
    await patch(call, AT(API), { scope: 'word:of:api' });
    assert.deepEqual(await everywhere('word:of:api'), [true, true, true, true]);
  });

  test('tokens are made for a resource as soon as it is there, and not when it is gone', async (t) => {
    const signet = await startWithApi(t, { clients: [...SERVICES, SHOP] });
    const call = await signedIn(signet);
    assert.equal((await shopToken(signet, { resource: API })).body['error'], 'invalid_target');
    const made = await call('POST /resources', {
      body: { resource: API, name: 'Shop', scope: 'buy', access_token_lifetime: '2m' },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(made.body['access_token_lifetime'], 120);
    const { body } = await shopToken(signet, { resource: API, scope: 'buy' });
    assert.equal(body['expires_in'], 120, JSON.stringify(body));
    assert.match(String(body['access_token']), /^ey/);
    await patch(call, AT(API), { access_token_format: 'opaque', access_token_lifetime: null });
    const opaque = await shopToken(signet, { resource: API });
    assert.match(String(opaque.body['access_token']), /^sgat_/);
    assert.equal(opaque.body['expires_in'], 600);
    assert.equal((await call(`DELETE ${AT(API)}`)).status, 204);
    assert.equal((await shopToken(signet, { resource: API })).body['error'], 'invalid_target');
  });

  test('a list tells of the profile and of words of resources too, which nobody changes', async (t) => {
    const scopes = [{ scope: 'email', claims: ['email', 'mobile'] }, { scope: 'own' }];
    const signet = await startWithApi(t, { scopes, resources: [{ resource: API, scope: 'buy own' }] });
    const call = await signedIn(signet);
    const told = new Map(itemsOf(await call('GET /scopes')).map((one) => [one['scope'], one]));
    assert.deepEqual(
      ['openid', 'email', 'own', 'buy'].map((name) => [
        told.get(name)?.['source'],
        told.get(name)?.['version'],
      ]),
      [
        ['profile', 0],
        ['file', 1],
        ['file', 1],
        ['resource', 0],
      ],
    );
    assert.deepEqual(told.get('email')?.['claims'], ['email', 'mobile']);
    assert.deepEqual((await call('GET /scopes/openid')).body, told.get('openid'));
    for (const line of ['PATCH /scopes/openid', 'DELETE /scopes/openid', 'POST /scopes']) {
      const answer = await call(line, {
        ...(line.startsWith('DELETE') ? {} : { body: { scope: 'openid', claims: [] } }),
        headers: { 'if-match': '"0"' },
      });
      assert.equal(answer.status, 409, line);
      assert.match(String(answer.body['detail']), /openid is that of the profile/);
    }
    assert.equal((await call('DELETE /scopes/buy')).status, 404);
    assert.equal((await call('GET /scopes/openid/versions')).status, 404);
    // What took the place of the profile's scope is deleted although clients name it.
    assert.equal((await call('DELETE /scopes/email')).status, 204);
    assert.deepEqual((await call('GET /scopes/email')).body['source'], 'profile');
  });

  test('what applications name is not deleted, and they are told', async (t) => {
    const clients = [
      ...SERVICES,
      { ...SHOP, scope: 'buy', resources: [API] },
      { ...SHOP, client_id: 'stall', scope: 'openid buy sell' },
    ];
    const signet = await startWithApi(t, {
      clients,
      scopes: [{ scope: 'buy' }, { scope: 'bu' }],
      resources: [{ resource: API }],
    });
    const call = await signedIn(signet);
    const scope = await call('DELETE /scopes/buy');
    assert.equal(scope.status, 409);
    assert.match(String(scope.body['detail']), /shop, stall\.$/);
    const resource = await call(`DELETE ${AT(API)}`);
    assert.equal(resource.status, 409);
    assert.match(String(resource.body['detail']), /: shop\.$/);
    assert.equal((await call('DELETE /scopes/bu')).status, 204);
    assert.ok((await scopesOffered(signet)).includes('buy'));
  });

  test('each change is a version that can be brought back, and is in the audit log before and after', async (t) => {
    const signet = await startWithApi(t);
    const call = await signedIn(signet);
    const path = AT(API);
    await call('POST /resources', { body: { resource: API, name: 'One', access_token_format: 'jwt' } });
    assert.equal((await patch(call, path, { name: 'Two', access_token_format: null })).status, 200);
    const versions = itemsOf(await call(`GET ${path}/versions`));
    assert.deepEqual(
      versions.map(({ version, changed, value }) => [version, changed, value]),
      [
        [2, [], { resource: API, name: 'Two' }],
        [1, ['name', 'access_token_format'], { resource: API, name: 'One', access_token_format: 'jwt' }],
      ],
    );
    const back = await call(`POST ${path}/versions/1/revert`);
    assert.deepEqual([back.status, back.body['version'], back.body['name']], [200, 3, 'One']);
    for (const version of ['9', '0', 'x'])
      assert.equal((await call(`POST ${path}/versions/${version}/revert`)).status, 404, version);
    await call(`DELETE ${path}`);
    const me = (await call('GET /me')).body['sub'];
    const events = await listAudit(signet.provider, { subject: API, atMost: 9 });
    assert.deepEqual(
      events.map(({ action, actor }) => [action, actor]),
      ['deleted', 'updated', 'updated', 'created'].map((deed) => [`resource.${deed}`, me]),
    );
    assert.deepEqual(events[2]?.facts, {
      changed: ['name', 'access_token_format'],
      before: { name: 'One', access_token_format: 'jwt' },
      after: { name: 'Two' },
    });
  });

  test('who was slower changes nothing, and what is faulty is told field by field', async (t) => {
    const signet = await startWithApi(t, { scopes: [{ scope: 'own' }] });
    const call = await signedIn(signet);
    const tag = await tagOf(call, '/scopes/own');
    assert.equal((await patch(call, '/scopes/own', { description: 'Mine' })).status, 200);
    assert.equal(
      (await call('PATCH /scopes/own', { body: { description: 'Too late' }, headers: tag })).status,
      412,
    );
    assert.equal((await call('PATCH /scopes/own', { body: {} })).status, 428);
    assert.equal((await call('POST /scopes', { body: { scope: 'own' } })).status, 409);
    const faulty: readonly (readonly [string, object, string])[] = [
      ['/scopes', { scope: 'two words' }, '/scope'],
      ['/scopes', { scope: 'signet:clients:write' }, '/scope'],
      ['/scopes', { scope: 'x', claims: 'name' }, '/claims'],
      ['/scopes', { scope: 'x', colour: 'red' }, '/colour'],
      ['/scopes', { scope: 'x', description: 'y'.repeat(501) }, '/description'],
      ['/scopes', {}, '/scope'],
      ['/resources', { resource: 'no-uri' }, '/resource'],
      ['/resources', { resource: `${API}#part` }, '/resource'],
      ['/resources', { resource: signet.url('/api/v1') }, '/resource'],
      ['/resources', { resource: signet.issuer }, '/resource'],
      ['/resources', { resource: API, access_token_lifetime: 0 }, '/access_token_lifetime'],
      ['/resources', { resource: API, access_token_format: 'paper' }, '/access_token_format'],
      ['/resources', { resource: API, scope: 'a "b"' }, '/scope'],
    ];
    for (const [path, body, pointer] of faulty) {
      const { status, body: told } = await call(`POST ${path}`, { body });
      assert.equal(status, 422, JSON.stringify(body));
      assert.ok(JSON.stringify(told['errors']).includes(`"pointer":"${pointer}"`), JSON.stringify(told));
    }
    assert.equal((await patch(call, '/scopes/own', { scope: 'other' })).status, 422);
  });

  test('what somebody changed is drift, what somebody made is theirs until the file names it', async (t) => {
    const scopes = [{ scope: 'own', claims: [] }];
    const signet = await startWithApi(t, { scopes, resources: [{ resource: API, name: 'Shop' }] });
    const call = await signedIn(signet);
    await patch(call, '/scopes/own', { claims: ['more'] });
    await call('POST /scopes', { body: { scope: 'hand' } });
    const plan = (named: readonly string[], prune = false) =>
      planOf(
        signet.provider,
        {
          scopes: named.map((scope) => ({ scope, claims: [] })),
          resources: [],
          clients: [],
          users: [],
          groups: [],
          replaced: [],
        },
        { prune },
      );
    const steps = async (named: readonly string[], prune = false) =>
      (await plan(named, prune)).steps.flatMap((step) =>
        step.kind === 'scope' || step.kind === 'resource' ? [[step.kind, step.action, step.differences]] : [],
      );
    assert.deepEqual(await steps(['own']), [
      ['scope', 'change', [{ member: 'claims', before: ['more'], after: [] }]],
    ]);
    assert.deepEqual((await steps(['own', 'hand']))[1], ['scope', 'adopt', []]);
    const { left, byHand } = await plan(['own']);
    assert.deepEqual(
      left.filter(({ kind }) => kind === 'resource'),
      [{ kind: 'resource', id: API }],
    );
    assert.deepEqual([byHand.scopes, byHand.resources], [1, 0]);
    assert.deepEqual((await steps(['own'], true))[1], ['resource', 'delete', []]);
    await signet.app.apply();
    assert.deepEqual((await call('GET /scopes/own')).body['claims'], []);
    assert.equal((await call('GET /scopes/hand')).body['source'], 'manual');
  });
});
