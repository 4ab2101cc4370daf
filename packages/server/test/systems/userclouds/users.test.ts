import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, personAt } from '../../support/person.ts';
import { ALICE, type Signet } from '../../support/signet.ts';
import {
  APP,
  authorization,
  bearer,
  call,
  OF_APP,
  ORGANIZATION,
  ROOT,
  SERVICE,
  startUserClouds,
  token,
  tokensOf,
} from './userclouds.ts';

type UserBody = Readonly<{
  id: string;
  updated_at: number;
  organization_id: string;
  profile: Readonly<Record<string, unknown>>;
}>;
type Page = Readonly<{ data: UserBody[]; has_next: boolean; next: string; has_prev: boolean; prev: string }>;

const adminToken = async (signet: Signet): Promise<string> =>
  (await tokensOf(signet, ROOT))['access_token'] ?? '';

const CAROL = { username: 'carol', password: 'the white rabbit' };
const NEW = {
  ...CAROL,
  authn_type: 'password',
  organization_id: ORGANIZATION,
  region: 'aws-us-east-1',
  profile: { name: 'Carol', email: 'carol@example.com', email_verified: true, favourite_tea: 'oolong' },
};

const listed = async (signet: Signet, access_token: string, query = ''): Promise<Page> =>
  (await call(signet, `/authn/users${query}`, { token: access_token })).body as unknown as Page;

test('an administrator creates, reads, changes and deletes a user (row 118)', async (t) => {
  const signet = await startUserClouds(t);
  const access_token = await adminToken(signet);
  const made = await call(signet, '/authn/users', { method: 'POST', token: access_token, json: NEW });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const carol = made.body as unknown as UserBody;
  assert.match(carol.id, /^[0-9a-f-]{36}$/);
  assert.equal(carol.organization_id, ORGANIZATION);
  assert.deepEqual(carol.profile, NEW.profile);
  assert.doesNotMatch(JSON.stringify(made.body), /rabbit|argon2/);

  const path = `/authn/users/${carol.id}`;
  assert.deepEqual((await call(signet, path, { token: access_token })).body, made.body);
  const authns = await call(signet, `/authn/baseprofileswithauthn/${carol.id}`, { token: access_token });
  assert.deepEqual(authns.body['authns'], [{ authn_type: 'password', username: 'carol' }]);

  const person = personAt(signet);
  const { code = '' } = answerOf(await person.grant(authorization(), CAROL));
  assert.ok(code, 'and she can sign in');

  const changed = await call(signet, path, {
    method: 'PUT',
    token: access_token,
    json: { profile: { nickname: 'Caz', favourite_tea: null } },
  });
  assert.equal(changed.status, 200);
  assert.deepEqual((changed.body as unknown as UserBody).profile, {
    name: 'Carol',
    email: 'carol@example.com',
    email_verified: true,
    nickname: 'Caz',
  });

  const { access_token: hers = '' } = await tokensOf(signet, CAROL);
  assert.equal((await call(signet, path, { method: 'DELETE', token: access_token })).status, 204);
  assert.equal((await call(signet, path, { token: access_token })).status, 404);
  assert.equal((await call(signet, path, { method: 'DELETE', token: access_token })).status, 404);
  const userinfo = await fetch(signet.url('/userinfo'), { headers: bearer(hers) });
  assert.equal(userinfo.status, 401, 'her tokens are over');
  assert.equal(
    answerOf(await person.authorize(authorization({ prompt: 'none' })))['error'],
    'login_required',
    'her session is over',
  );
  const late = { grant_type: 'authorization_code', code, ...OF_APP };
  assert.equal((await token(signet, late)).body['error'], 'invalid_grant');
});

test('users are listed in pages, each once, and of one organization when one is asked for (row 118)', async (t) => {
  const signet = await startUserClouds(t);
  const access_token = await adminToken(signet);
  const whole = await listed(signet, access_token);
  assert.equal(whole.data.length, 3);
  assert.deepEqual([whole.has_next, whole.next, whole.has_prev, whole.prev], [false, '', false, '']);
  const seen: UserBody[] = [];
  let next = '';
  do {
    const page = await listed(signet, access_token, `?limit=1&starting_after=${encodeURIComponent(next)}`);
    assert.equal(page.data.length, 1);
    seen.push(...page.data);
    next = page.has_next ? page.next : '';
  } while (next !== '');
  assert.deepEqual(seen, whole.data);
  const ofOne = await listed(signet, access_token, `?organization_id=${ORGANIZATION}`);
  assert.deepEqual(
    ofOne.data.map(({ profile }) => profile['name']),
    ['Alice Example'],
  );
  const [first] = whole.data;
  const base = await call(signet, `/authn/baseprofiles?user_ids=${first?.id}&user_ids=nobody`, {
    token: access_token,
  });
  const [profile] = base.body['data'] as Record<string, unknown>[];
  assert.deepEqual(
    [profile?.['id'], profile?.['name'], profile?.['email']],
    [first?.id, 'Alice Example', 'alice@example.com'],
  );
  for (const bad of ['?limit=0', '?limit=many', '?starting_after=nonsense', '?ending_before=username:x'])
    assert.equal((await call(signet, `/authn/users${bad}`, { token: access_token })).status, 400, bad);
});

test('a service that the operator has marked for it manages people, but no administrators (row 118)', async (t) => {
  const trusted = { ...SERVICE, client_id: 'operator', may_administer: true };
  const signet = await startUserClouds(t, { clients: [APP, trusted] });
  const { body } = await token(
    signet,
    { grant_type: 'client_credentials' },
    basic('operator', SERVICE.client_secret),
  );
  const access_token = String(body['access_token']);
  assert.equal(
    (await call(signet, '/authn/users', { method: 'POST', token: access_token, json: NEW })).status,
    201,
  );
  const { data } = await listed(signet, access_token);
  const root = data.find(({ profile }) => profile['name'] === 'Root');
  const path = `/authn/users/${root?.id}`;
  const json = { profile: { email: 'thief@example.com' } };
  assert.equal((await call(signet, path, { method: 'PUT', token: access_token, json })).status, 403);
  assert.equal((await call(signet, path, { method: 'DELETE', token: access_token })).status, 403);
});

test('duplicate, weak, malformed and hostile users are refused in one shape, and nobody is lost (row 118)', async (t) => {
  const signet = await startUserClouds(t);
  const access_token = await adminToken(signet);
  const post = (json: unknown) => call(signet, '/authn/users', { method: 'POST', token: access_token, json });
  const before = await listed(signet, access_token);
  for (const [json, expected] of [
    [{ ...NEW, username: 'Alice' }, 409],
    [{ ...NEW, password: 'short' }, 400],
    [{ ...NEW, password: undefined }, 400],
    [{ ...NEW, password: { $gt: '' } }, 400],
    [{ ...NEW, username: 42 }, 201],
    [{ ...NEW, username: 'x'.repeat(300) }, 400],
    [{ ...NEW, username: 'a\u0000b' }, 400],
    [{ ...NEW, authn_type: 'social', oidc_provider: 'google', oidc_subject: '1' }, 400],
    [{ ...NEW, id: '11111111-1111-4111-8111-111111111111' }, 400],
    [{ ...NEW, profile: 'none' }, 400],
    [{ ...NEW, profile: { email: 'not an address' } }, 400],
    [{ ...NEW, profile: { sub: 'alice', iss: 'https://evil.example' } }, 400],
    [{ ...NEW, role: 'admin', username: 'sneaky' }, 201],
    [{ ...NEW, profile: { x: 'x'.repeat(40_000) } }, 400],
    [[NEW], 400],
  ] as const) {
    const { status, body } = await post(json);
    assert.equal(status, expected, `${JSON.stringify(json).slice(0, 120)} ${JSON.stringify(body)}`);
    if (status !== 201) assert.deepEqual(Object.keys(body), ['error', 'request_id']);
    assert.doesNotMatch(JSON.stringify(body), /rabbit|evil/);
  }
  const sneaky = await signet.provider.store.findUserByName(signet.provider.tenant.id, 'sneaky');
  assert.equal(sneaky?.role, 'user', 'nobody becomes an administrator here');
  const names = (await listed(signet, access_token)).data.map(({ id }) => id);
  for (const { id } of before.data) assert.ok(names.includes(id));
  for (const id of ['nobody', '../users', '%00', 'x'.repeat(5000)]) {
    const { status } = await call(signet, `/authn/users/${encodeURIComponent(id)}`, { token: access_token });
    assert.equal(status, 404, id.slice(0, 20));
  }
  for (const path of [
    '/authn/users/%00',
    '/authn/uplogin',
    '/authn/',
    '/loginapp/other',
    '/auditlog/entries/1',
  ]) {
    const { status, body } = await call(signet, path, { token: access_token });
    assert.equal(status, 404, path);
    assert.deepEqual(Object.keys(body), ['error', 'request_id'], path);
  }
  const moved = await call(signet, `/authn/users/${names[0]}`, {
    method: 'PUT',
    token: access_token,
    json: { profile: { organization_id: '22222222-2222-4222-8222-222222222222' } },
  });
  assert.notEqual(moved.body['organization_id'], '22222222-2222-4222-8222-222222222222');
  const alice = before.data.find(({ profile }) => profile['name'] === 'Alice Example');
  const put = await call(signet, `/authn/users/${alice?.id}`, {
    method: 'PUT',
    token: access_token,
    json: { profile: { role: 'admin', acr: 'high' } },
  });
  assert.equal(put.status, 400);
  const plain = (await tokensOf(signet, ALICE))['access_token'] ?? '';
  assert.equal((await call(signet, '/authn/users', { token: plain })).status, 403);
  assert.equal((await call(signet, '/authn/users')).status, 401);
});
