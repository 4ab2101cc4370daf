import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { claimsOf, tokensFor, userinfo } from '../support/person.ts';
import { type Signet, WEB_APP } from '../support/signet.ts';
import { type Caller, itemsOf, PEOPLE, SERVICES, service, signedIn, startWithApi } from './support.ts';

const PAIRWISE = { ...WEB_APP, client_id: 'pair', subject_type: 'pairwise', access_token_format: 'opaque' };
const CLUB = { ...WEB_APP, client_id: 'club', allowed_users: ['bob'], resources: ['https://a.example'] };

let signet: Signet;
let call: Caller;
let alice: string;
const ends: (() => Promise<void>)[] = [];
before(async () => {
  signet = await startWithApi(
    { after: (end) => ends.push(end) },
    {
      users: PEOPLE,
      clients: [WEB_APP, PAIRWISE, CLUB, { ...WEB_APP, client_id: 'closed', disabled: true }, ...SERVICES],
      resources: [{ resource: 'https://a.example' }, { resource: 'https://b.example', scope: 'b:read' }],
    },
  );
  call = await signedIn(signet);
  alice = String(itemsOf(await call('GET /users?q=alice'))[0]?.['sub']);
});
after(async () => {
  for (const end of ends) await end();
});

type Claims = Readonly<Record<string, Readonly<{ value: unknown; why: string }>>>;

async function preview(query: string, sub = alice) {
  const { status, body } = await call(`GET /users/${sub}/preview?${query}`);
  const { id_token, userinfo: info, access_token } = body as Record<string, Claims | null>;
  return { status, body, id_token, info, access_token };
}

const values = (claims: Claims | null | undefined) =>
  Object.fromEntries(Object.entries(claims ?? {}).map(([name, { value }]) => [name, value]));

/** What no two tokens share, and what depends on the moment. */
function lasting(claims: Record<string, unknown>): Record<string, unknown> {
  const passing = ['jti', 'sid', 'nonce', 'at_hash', 'iat', 'exp', 'auth_time'];
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !passing.includes(name)));
}

test('a preview says what the application is then told, claim by claim, and issues nothing', async () => {
  await call('POST /groups', { body: { name: 'staff' } });
  await call(`PUT /groups/staff/members/${alice}`);
  const scope = 'openid profile email groups';
  const grants = async () => itemsOf(await call(`GET /users/${alice}/grants`)).length;
  const grantsBefore = await grants();
  const seen = await preview(`client_id=web-app&scope=${encodeURIComponent(scope)}`);
  assert.equal(seen.status, 200, JSON.stringify(seen.body));
  assert.equal(await grants(), grantsBefore);
  const { id_token = '', access_token = '' } = await tokensFor(signet, { scope });
  assert.deepEqual(lasting(values(seen.id_token)), lasting(claimsOf(id_token)));
  assert.deepEqual(lasting(values(seen.access_token)), lasting(claimsOf(access_token)));
  assert.deepEqual(values(seen.info), (await userinfo(signet, access_token)).body);
  assert.deepEqual(Object.keys(seen.id_token ?? {}).toSorted(), Object.keys(claimsOf(id_token)).toSorted());
  assert.deepEqual(seen.id_token?.['jti'] ?? seen.access_token?.['jti']?.value, null);
  assert.match(seen.info?.['email']?.why ?? '', /^scope email opens it: claims\.email of the user$/);
  assert.match(seen.id_token?.['groups']?.why ?? '', /^scope groups opens it: the groups of the user/);
});

test('the subject is that of the sector, and without a scope all that the application may ask for is granted', async () => {
  const { body, id_token, info } = await preview('client_id=pair');
  assert.equal(body['access_token_format'], 'opaque');
  assert.equal(id_token?.['sub']?.value, info?.['sub']?.value);
  assert.notEqual(id_token?.['sub']?.value, alice);
  assert.deepEqual(body['scope'], WEB_APP.scope.split(' '));
});

test('without openid there is no ID token, and for another API no userinfo', async () => {
  const none = await preview('client_id=web-app&scope=email');
  assert.deepEqual([none.id_token, none.info], [null, null]);
  const elsewhere = await preview('client_id=web-app&scope=openid&resource=https://a.example');
  assert.deepEqual([elsewhere.access_token?.['aud']?.value, elsewhere.info], ['https://a.example', null]);
});

test('what the application would not get is refused by the name of what is at fault', async () => {
  for (const [query, parameter] of [
    ['', 'client_id'],
    ['client_id=nobody', 'client_id'],
    ['client_id=closed', 'client_id'],
    ['client_id=robot', 'client_id'],
    ['client_id=club', 'client_id'],
    ['client_id=web-app&scope=openid+b:read', 'scope'],
    ['client_id=web-app&scope=%22', 'scope'],
    ['client_id=web-app&resource=https://c.example', 'resource'],
    ['client_id=web-app&resource=', 'resource'],
    ['client_id=web-app&client_id=pair', 'client_id'],
    ['client_id=web-app&colour=red', 'colour'],
  ] as const) {
    const { status, body } = await preview(query);
    const [error] = (body['errors'] ?? []) as readonly { parameter: string }[];
    assert.deepEqual([status, error?.parameter], [400, parameter], query);
  }
  assert.equal((await preview('client_id=web-app', 'nobody')).status, 404);
  const otto = String(itemsOf(await call('GET /users?q=otto'))[0]?.['sub']);
  await call(`POST /users/${otto}/disable`);
  assert.equal((await preview('client_id=web-app', otto)).status, 409);
  const reader = await service(signet, 'robot', 'signet:users:read');
  assert.equal((await reader(`GET /users/${alice}/preview?client_id=web-app`)).status, 403);
});
