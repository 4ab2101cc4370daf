import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, basic, exchange, personAt, post, request, userinfo } from '../support/person.ts';
import { ALICE, BOB, REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';

const PAIRWISE = { ...WEB_APP, subject_type: 'pairwise', redirect_uris: ['https://one.example/cb'] };
const signet = await startSignet(
  { after },
  {
    clients: [
      WEB_APP,
      { ...WEB_APP, client_id: 'public-too' },
      { ...PAIRWISE, client_id: 'one' },
      { ...PAIRWISE, client_id: 'one-again', redirect_uris: ['https://one.example:8443/other'] },
      { ...PAIRWISE, client_id: 'two', redirect_uris: ['https://two.example/cb'] },
      {
        ...PAIRWISE,
        client_id: 'sector',
        redirect_uris: ['https://three.example/cb', 'https://four.example/cb'],
        sector_identifier_uri: 'https://one.example/sector.json',
      },
    ],
  },
);
const REDIRECTS: Record<string, string> = {
  'one-again': 'https://one.example:8443/other',
  two: 'https://two.example/cb',
  sector: 'https://four.example/cb',
  one: 'https://one.example/cb',
};
const people = { alice: personAt(signet), bob: personAt(signet) };

/** The answer with an ID token for that client. */
async function answer(client_id: string, who: 'alice' | 'bob' = 'alice') {
  const redirect_uri = REDIRECTS[client_id] ?? REDIRECT;
  const over = {
    client_id,
    response_type: 'code id_token token',
    scope: 'openid offline_access',
    redirect_uri,
  };
  return answerOf(await people[who].grant(request(over), who === 'alice' ? ALICE : BOB));
}
const subOf = async (client_id: string, who: 'alice' | 'bob' = 'alice') =>
  (await verified(signet, (await answer(client_id, who))['id_token'])).payload.sub;

test('public subjects are the same for every client (OIDC Core §8)', async () => {
  assert.equal(await subOf('web-app'), await subOf('public-too'));
  assert.notEqual(await subOf('web-app'), await subOf('web-app', 'bob'));
});

test('a pairwise subject is the same within a sector and another one in each other (OIDC Core §8.1, §17.3)', async () => {
  const one = await subOf('one');
  assert.equal(await subOf('one'), one, 'stable');
  assert.equal(await subOf('one-again'), one, 'the same host, whatever the port');
  assert.equal(await subOf('sector'), one, 'by sector_identifier_uri');
  assert.notEqual(await subOf('two'), one);
  assert.notEqual(await subOf('one', 'bob'), one);
});

test('nothing of the account can be read from a pairwise subject (OIDC Core §8.1)', async () => {
  const [one, two, plain] = [await subOf('one'), await subOf('two'), await subOf('web-app')];
  assert.ok(new Set([one, two, plain]).size === 3 && !String(one).includes('alice'));
  assert.ok(String(one).length <= 255 && /^[\x21-\x7e]+$/.test(String(one)));
});

test('ID token, access token, userinfo and introspection agree on it (OIDC Core §5.3.2, RFC 9068 §2.2)', async () => {
  const { id_token, access_token = '', code = '' } = await answer('one');
  const { payload } = await verified(signet, id_token);
  const form = { grant_type: 'authorization_code', code, redirect_uri: 'https://one.example/cb' };
  const { body: tokens } = await post(signet.url('/token'), form, basic('one'));
  const introspect = async (token: unknown) =>
    (await post(signet.url('/introspect'), { token: String(token) }, basic('one'))).body['sub'];
  const seen = [
    (await verified(signet, access_token)).payload.sub,
    (await userinfo(signet, access_token)).body['sub'],
    (await verified(signet, tokens['id_token'])).payload.sub,
    await introspect(access_token),
    await introspect(tokens['refresh_token']),
  ];
  assert.deepEqual(seen, Array(5).fill(payload.sub));
});

test("a hint with a pairwise subject is understood as this client's (OIDC Core §3.1.2.2)", async () => {
  const { id_token = '' } = await answer('two');
  const hinted = {
    client_id: 'two',
    redirect_uri: 'https://two.example/cb',
    prompt: 'none',
    id_token_hint: id_token,
  };
  assert.ok(answerOf(await people.alice.authorize(request(hinted)))['code']);
  const claims = JSON.stringify({ id_token: { sub: { value: await subOf('web-app') } } });
  const { error } = answerOf(await people.alice.authorize(request({ ...hinted, id_token_hint: '', claims })));
  assert.equal(error, 'login_required', 'the public subject means nobody here');
});

test('sub is never the name, is not reused and survives a change of it (OIDC Core §5.7, §2)', async (t) => {
  const own = await startSignet(t);
  const sub = async () => {
    const { code = '' } = answerOf(await personAt(own).grant(request()));
    return (await verified(own, (await exchange(own, code)).body['id_token'])).payload.sub;
  };
  const first = await sub();
  assert.match(String(first), /^[0-9a-f-]{36}$/);
  await own.app.apply();
  assert.equal(await sub(), first);
});
