import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, personAt, request, userinfo } from '../support/person.ts';
import { ALICE, startSignet, WEB_APP } from '../support/signet.ts';

const PROFILE = {
  name: 'Alice Example',
  family_name: 'Example',
  given_name: 'Alice',
  middle_name: 'B',
  nickname: 'Al',
  preferred_username: 'al',
  profile: 'https://example.com/a',
  picture: 'https://example.com/a.png',
  website: 'https://a.example',
  gender: 'female',
  birthdate: '1990-01-02',
  zoneinfo: 'Europe/Berlin',
  locale: 'de-DE',
};
const REST = {
  email: 'alice@example.com',
  email_verified: false,
  phone_number: '+1',
  phone_number_verified: true,
  address: { country: 'DE' },
  department: 'R&D',
};
const signet = await startSignet(
  { after },
  {
    clients: [
      { ...WEB_APP, scope: `${WEB_APP.scope} work` },
      { ...WEB_APP, client_id: 'all', scope: undefined },
    ],
    users: [{ ...ALICE, claims: { ...PROFILE, ...REST } }],
    scopes: [{ scope: 'work', description: 'Your work', claims: ['department'] }],
  },
);
const person = personAt(signet);
const learnt = async (scope: string, client_id = 'web-app') => {
  const answer = answerOf(await person.grant(request({ client_id, scope, response_type: 'token' })));
  return { answer, claims: (await userinfo(signet, answer['access_token'] ?? '')).body };
};

test('each standard scope opens its claims, and openid alone only sub (OIDC Core §5.4, §5.1)', async () => {
  assert.deepEqual(Object.keys((await learnt('openid')).claims), ['sub']);
  const { claims: profile } = await learnt('openid profile');
  const { sub: _sub, updated_at, ...rest } = profile;
  assert.deepEqual(rest, PROFILE);
  assert.equal(typeof updated_at, 'number');
  assert.deepEqual(Object.keys((await learnt('openid email')).claims).sort(), [
    'email',
    'email_verified',
    'sub',
  ]);
  assert.deepEqual(Object.keys((await learnt('openid phone')).claims).sort(), [
    'phone_number',
    'phone_number_verified',
    'sub',
  ]);
  assert.deepEqual((await learnt('openid address')).claims['address'], { country: 'DE' });
});

test('scopes of the operator open claims of the operator (OIDC Core §5.1.2)', async () => {
  assert.equal((await learnt('openid work')).claims['department'], 'R&D');
});

test('scope values come in any order, and repeats count once (RFC 6749 §3.3)', async () => {
  const { answer } = await learnt('email openid email');
  assert.equal(answer['scope'], 'email openid');
});

test('a scope the client is not registered for, or that does not exist, is invalid_scope (RFC 6749 §3.3, §4.1.2.1)', async () => {
  for (const scope of ['openid admin', 'openid Email', 'openid "x"', 'openid\temail', 'openid ünï']) {
    const answer = answerOf(await person.authorize(request({ scope })));
    assert.equal(answer['error'], 'invalid_scope', scope);
  }
});

test('a client registered without scope may ask for every one there is (RFC 7591 §2)', async () => {
  assert.equal((await learnt('openid work phone', 'all')).answer['scope'], 'openid work phone');
});

test('a value is text in Unicode exactly as it is kept (OIDC Core §14, §13.3)', async (t) => {
  const name = 'Zoë \u{1F98A} "Z" <b>日本</b> \\';
  const other = await startSignet(t, { users: [{ ...ALICE, claims: { name } }] });
  const { access_token = '' } = answerOf(await personAt(other).grant(request({ response_type: 'token' })));
  assert.equal((await userinfo(other, access_token)).body['name'], name);
});
