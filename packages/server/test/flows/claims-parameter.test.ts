import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, exchange, personAt, request, userinfo } from '../support/person.ts';
import { ALICE, startSignet, WEB_APP } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';

const CLAIMS = {
  name: 'Alice Example',
  given_name: 'Alice',
  'given_name#de': 'Alicia',
  email: 'alice@example.com',
  email_verified: true,
  phone_number: '+49 30 1234',
  address: { formatted: 'Somewhere 1\nBerlin', country: 'DE' },
  groups: ['a', 'b'],
};
const CAREFUL = { ...WEB_APP, client_id: 'careful', consent: 'remember' };
const signet = await startSignet(
  { after },
  { clients: [WEB_APP, CAREFUL], users: [{ ...ALICE, claims: CLAIMS }] },
);
const person = personAt(signet);

/** What the client learns in each place. */
async function learnt(claims: unknown, over: Record<string, string> = {}) {
  const text = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const { code = '' } = answerOf(await person.grant(request({ scope: 'openid', claims: text, ...over })));
  const { body } = await exchange(signet, code);
  const { payload } = await verified(signet, body['id_token']);
  return {
    id_token: payload as Record<string, unknown>,
    userinfo: (await userinfo(signet, String(body['access_token']))).body,
  };
}

test('each claim is given at the place it was asked for, and nowhere else (OIDC Core §5.5)', async () => {
  const seen = await learnt({ userinfo: { email: null }, id_token: { given_name: null } });
  assert.equal(seen.userinfo['email'], 'alice@example.com');
  assert.equal(seen.userinfo['given_name'], undefined);
  assert.equal(seen.id_token['given_name'], 'Alice');
  assert.equal(seen.id_token['email'], undefined);
});

test('claims asked for come on top of those of the scopes (OIDC Core §5.5, §5.4)', async () => {
  const seen = await learnt({ userinfo: { phone_number: null } }, { scope: 'openid email' });
  assert.equal(seen.userinfo['email'], 'alice@example.com');
  assert.equal(seen.userinfo['phone_number'], '+49 30 1234');
});

test('an essential claim that is not known is left out and is no error (OIDC Core §5.5.1)', async () => {
  const seen = await learnt({ userinfo: { website: { essential: true }, email: { essential: true } } });
  assert.equal(seen.userinfo['website'], undefined);
  assert.equal(seen.userinfo['email'], 'alice@example.com');
});

test('a claim asked for with value or values is given only when it has one of them (OIDC Core §5.5.1)', async () => {
  const wishes = {
    email: { value: 'alice@example.com' },
    given_name: { values: ['Bob', 'Alice'] },
    name: { value: 'Somebody else' },
    email_verified: { value: 'true' },
    groups: { value: ['a', 'b'] },
    phone_number: { values: [] },
  };
  const { userinfo: seen } = await learnt({ userinfo: wishes });
  assert.deepEqual(Object.keys(seen).sort(), ['email', 'given_name', 'groups', 'sub']);
});

test('structured and language-tagged claims are given as they are kept (OIDC Core §5.1.1, §5.2, §5.5.2)', async () => {
  const { userinfo: seen } = await learnt({
    userinfo: { address: null, 'given_name#de': null, 'name#de': null },
  });
  assert.deepEqual(seen['address'], CLAIMS.address);
  assert.equal(seen['given_name#de'], 'Alicia');
  assert.equal('name#de' in seen, false);
});

test("claims of the protocol cannot be asked for in the place of a user's (OIDC Core §5.3.2, §16.11)", async () => {
  const names = JSON.parse(
    '{"nonce":{"value":"x"},"at_hash":null,"iss":{"value":"x"},"azp":null,"__proto__":null}',
  );
  const { id_token, userinfo: seen } = await learnt({ userinfo: names, id_token: names });
  assert.equal(id_token['nonce'], 'nonce-of-the-client');
  assert.equal(id_token['iss'], signet.issuer);
  assert.deepEqual(Object.keys(seen), ['sub']);
});

test('a record that holds a claim of the protocol nevertheless does not get it into a token (OIDC Core §5.3.2)', async () => {
  const { store, tenant } = signet.provider;
  const user = await store.findUserByName(tenant.id, 'alice');
  assert.ok(user);
  await store.updateUser(
    tenant.id,
    { ...user, claims: { ...CLAIMS, acr: 'gold', c_hash: 'x' } },
    signet.clock.now(),
  );
  const { id_token, userinfo: seen } = await learnt({ userinfo: { acr: null }, id_token: { c_hash: null } });
  assert.deepEqual([id_token['c_hash'], seen['acr']], [undefined, undefined]);
});

test('members that are not known are ignored (OIDC Core §5.5, §5.5.1)', async () => {
  const { userinfo: seen } = await learnt({
    userinfo: { email: { purpose: 'to write to you' } },
    verified_claims: [1],
  });
  assert.equal(seen['email'], 'alice@example.com');
});

test('a claims parameter of a wrong shape is refused (OIDC Core §5.5)', async () => {
  const shapes = [
    'email',
    '[]',
    '"x"',
    'null',
    '{',
    '{"userinfo":[]}',
    '{"userinfo":"email"}',
    '{"id_token":true}',
    '{"userinfo":{"email":true}}',
    '{"userinfo":{"email":["x"]}}',
    '{"userinfo":{"email":{"essential":"yes"}}}',
    '{"userinfo":{"email":{"values":"x"}}}',
    '{"userinfo":{"email":""}}',
  ];
  for (const claims of shapes) {
    assert.equal(answerOf(await person.authorize(request({ claims })))['error'], 'invalid_request', claims);
  }
});

test('a claims parameter that is too long, too wide or too deep is refused at little cost', async () => {
  const wide = {
    userinfo: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`claim${index}`, null])),
  };
  const deep = `{"userinfo":{"a":{"value":${'['.repeat(1500)}${']'.repeat(1500)}}}}`;
  for (const claims of [JSON.stringify(wide), `{"userinfo":{"a":{"value":"${'x'.repeat(8200)}"}}}`]) {
    assert.equal(answerOf(await person.authorize(request({ claims })))['error'], 'invalid_request');
  }
  const seen = await person.authorize(request({ claims: deep, prompt: 'none' }));
  assert.ok(answerOf(seen)['code'], 'depth alone does no harm');
});

test('a claim that no scope opens needs a consent of its own, which names it and is remembered (OIDC Core §3.1.2.4, §5.5)', async () => {
  const careful = request({ client_id: 'careful', scope: 'openid email' });
  await person.grant(careful);
  const asking = { ...careful, claims: JSON.stringify({ userinfo: { email: null, phone_number: null } }) };
  const silent = answerOf(await person.authorize({ ...asking, prompt: 'none' }));
  assert.equal(silent['error'], 'consent_required');
  const page = await person.authorize(asking);
  assert.match(page.text, /phone/i);
  assert.ok(answerOf(await person.submit(page, { decision: 'allow' }))['code']);
  assert.ok(answerOf(await person.authorize({ ...asking, prompt: 'none' }))['code']);
});

test('claims that the scope opens anyway, or that are of the protocol, need no further consent (OIDC Core §5.4)', async () => {
  const claims = JSON.stringify({
    userinfo: { email: null },
    id_token: { auth_time: { essential: true }, acr: null },
  });
  const silent = request({ client_id: 'careful', scope: 'openid email', claims, prompt: 'none' });
  assert.ok(answerOf(await person.authorize(silent))['code']);
});
