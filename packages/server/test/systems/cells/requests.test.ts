import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, claimsOf, pkce, type Seen } from '../../support/person.ts';
import {
  asked,
  authorizeUrl,
  CLI_CALLBACK,
  CURL,
  call,
  codeFor,
  exchange,
  grant,
  open,
  SCOPE,
  startCells,
  userinfo,
  visitorOf,
} from './cells.ts';

const HYBRID = {
  ...CURL,
  client_id: 'hybrid',
  redirect_uris: [CLI_CALLBACK],
  grant_types: ['authorization_code', 'implicit', 'refresh_token'],
  response_types: ['code', 'token', 'id_token', 'id_token token', 'code id_token', 'code token'],
};

const cells = await startCells({ after }, { clients: [CURL, HYBRID] });

const errorOf = async (parameters: Record<string, string>): Promise<Record<string, string>> =>
  answerOf(await open(cells, visitorOf(cells), parameters));

/** The same request with the parameter left out. */
const without = (name: string, parameters = asked()): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).filter(([known]) => known !== name));

test('a state that is absent or shorter than 8 characters is refused at the client, exactly 8 are enough (row 16)', async () => {
  const missing = await errorOf(without('state'));
  assert.equal(missing['error'], 'invalid_state');
  assert.equal(missing['state'], undefined);
  const short = await errorOf(asked({ state: '1234567' }));
  assert.equal(short['error'], 'invalid_state');
  assert.equal(short['state'], '1234567');
  const answered = answerOf(await grant(cells, asked({ state: '12345678' })));
  assert.equal(answered['state'], '12345678');
  assert.ok(answered['code']);
});

test('a scope that the client does not have is refused (row 17)', async () => {
  const { error, state } = await errorOf(asked({ scope: 'openid admin' }));
  assert.equal(error, 'invalid_scope');
  assert.equal(state, asked()['state']);
});

test('without scope there is an access token and nothing else (row 17)', async () => {
  const { status, body } = await exchange(cells, await codeFor(cells, without('scope')));
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'token_type']);
  // A plain OAuth token is good for the programs' own requests, and says nothing of the person.
  assert.equal((await userinfo(cells, String(body['access_token']))).status, 403);
});

test('offline and offline_access both bring a refresh token, neither brings none (row 18)', async (t) => {
  const at = await startCells(t, {
    clients: [
      { ...CURL, client_id: 'both', token_endpoint_auth_method: 'none', client_secret: undefined },
    ].map(({ client_secret: _none, ...client }) => ({ ...client, scope: `${SCOPE} offline_access` })),
  });
  const redirect_uri = 'http://localhost:9000/cb';
  const refreshTokenFor = async (scope: string): Promise<unknown> => {
    const code = await codeFor(at, asked({ client_id: 'both', redirect_uri, scope }));
    return (await exchange(at, code, { client_id: 'both', redirect_uri })).body['refresh_token'];
  };
  assert.equal(typeof (await refreshTokenFor('openid offline')), 'string');
  assert.equal(typeof (await refreshTokenFor('openid offline_access')), 'string');
  assert.equal(await refreshTokenFor('openid email profile pydio'), undefined);
});

test('parameters that nobody knows are ignored, such as cells_secret of the documentation (row 19)', async () => {
  const answered = answerOf(await grant(cells, asked({ cells_secret: 'password', whatever: 'x' })));
  assert.ok(answered['code']);
  assert.equal((await exchange(cells, answered['code'] ?? '', { unheard_of: 'too' })).status, 200);
});

test('PKCE is optional, and once begun holds to the end, for public and confidential clients (row 20)', async () => {
  const { code_verifier, challenge } = pkce();
  const other = pkce().code_verifier;
  const confidential = {
    client_id: 'cells-curl',
    client_secret: 'password',
    redirect_uri: 'http://localhost:9000/cb',
  };
  for (const client of [{ client_id: 'cells-client', redirect_uri: CLI_CALLBACK }, confidential]) {
    const { client_id, redirect_uri } = client;
    const challenged = () => codeFor(cells, asked({ client_id, redirect_uri, ...challenge }));
    const plain = () => codeFor(cells, asked({ client_id, redirect_uri }));
    const redeem = (code: string, over = {}) => exchange(cells, code, { ...client, ...over });
    assert.equal((await redeem(await challenged(), { code_verifier })).status, 200);
    assert.equal((await redeem(await plain())).status, 200);
    const refused = [
      await redeem(await challenged(), { code_verifier: other }),
      await redeem(await challenged()),
      await redeem(await plain(), { code_verifier }),
      await redeem(await challenged(), { code_verifier: 'too-short' }),
    ];
    for (const { status, body } of refused) {
      assert.equal(status, 400);
      assert.equal(body['error'], 'invalid_grant');
    }
  }
});

test('the PKCE method plain is refused, said or left out (row 20)', async () => {
  const { code_verifier } = pkce();
  const methods: Record<string, string>[] = [{ code_challenge_method: 'plain' }, {}];
  for (const method of methods) {
    const { error } = await errorOf(asked({ code_challenge: code_verifier, ...method }));
    assert.equal(error, 'invalid_request');
  }
});

/** A page of the provider, with nothing sent to the client and nothing of the request in it that was markup. */
function isErrorPage(seen: Seen): void {
  assert.equal(seen.status, 400);
  assert.equal(seen.location, undefined);
  assert.match(seen.headers.get('content-type') ?? '', /^text\/html/);
  assert.doesNotMatch(seen.text, /<script>alert/);
}

test('a bad client or redirect ends on a page that says what is wrong and what to do, never at the client (row 28)', async () => {
  const person = visitorOf(cells);
  const see = (parameters: Record<string, string>) => person.visit(authorizeUrl(cells, parameters));
  const strangers = [
    await see(asked({ client_id: 'nobody' })),
    await see(asked({ client_id: '<script>alert(1)</script>' })),
    await see(asked({ redirect_uri: 'https://evil.example/cb' })),
    await see(asked({ redirect_uri: 'javascript:alert(1)' })),
    await see(without('client_id')),
    // Several are registered, so the request must choose one.
    await see(without('redirect_uri')),
  ];
  for (const seen of strangers) isErrorPage(seen);
  const [page] = strangers;
  assert.match(page?.text ?? '', /invalid_client|invalid_request|unauthorized_client/);
  assert.match(page?.text ?? '', /<h1>[^<]+<\/h1>/);
});

test('implicit and hybrid answers come in the fragment, to clients that list them (row 31)', async () => {
  const wish = (response_type: string, over = {}) =>
    asked({ client_id: 'hybrid', response_type, nonce: 'eight-ch', ...over });
  const implicit = await grant(cells, wish('id_token token', { scope: 'openid email' }));
  assert.match(implicit.location ?? '', /^http:\/\/localhost:3000\/servers\/callback#/);
  const { access_token, id_token = '', token_type, expires_in } = answerOf(implicit);
  assert.equal(token_type, 'bearer');
  assert.equal(expires_in, '600');
  assert.equal(claimsOf(id_token)['nonce'], 'eight-ch');
  assert.equal(claimsOf(id_token)['name'], 'alice');
  assert.equal((await userinfo(cells, access_token)).status, 200);
  const hybrid = answerOf(await grant(cells, wish('code id_token')));
  assert.equal(typeof claimsOf(hybrid['id_token'] ?? '')['c_hash'], 'string');
  const redeemed = await exchange(cells, hybrid['code'] ?? '', {
    client_id: 'hybrid',
    client_secret: 'password',
  });
  assert.equal(redeemed.status, 200);
  const { error } = await errorOf(asked({ response_type: 'token' }));
  assert.equal(error, 'unauthorized_client');
});

test('an ID token from the authorization endpoint needs a nonce of at least 8 characters (row 31)', async () => {
  const wish = asked({ client_id: 'hybrid', response_type: 'code id_token' });
  assert.equal((await errorOf({ ...wish, nonce: '1234567' }))['error'], 'insufficient_entropy');
  assert.equal((await errorOf(wish))['error'], 'insufficient_entropy');
});

test('a second program is answered without a page while the person is signed in, prompt=login asks again (row 3)', async () => {
  const person = visitorOf(cells);
  await grant(cells, asked(), { person });
  const sync = asked({ client_id: 'cells-sync', redirect_uri: 'http://localhost:3636/servers/callback' });
  assert.ok(answerOf(await open(cells, person, sync))['code']);
  assert.match((await open(cells, person, { ...sync, prompt: 'login' })).text, /name="password"/);
  const silent = await open(cells, visitorOf(cells), { ...sync, prompt: 'none' });
  assert.equal(answerOf(silent)['error'], 'login_required');
});

test('what belongs to no endpoint is not found, and the administration of Hydra is not public (row 28)', async () => {
  for (const path of ['/oauth2/introspect', '/oidc/oauth2/introspect', '/oauth2/tokens', '/clients'])
    assert.equal((await call(cells, ['GET', path])).status, 404, path);
});
