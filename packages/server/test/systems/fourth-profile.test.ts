import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { Profile } from '../../src/model/profile.ts';
import { standard } from '../../src/profiles/standard.ts';
import { answerOf, type Parameters, personAt, pkce, post } from '../support/person.ts';
import { ALICE, BOB, type Ending, type Signet, startSignet } from '../support/signet.ts';

/** The intranet of a harbour that exists nowhere: all that is its own, and nothing but data. */
const harbour: Profile = {
  ...standard,
  name: 'harbour',
  issuer_path: '/sso',
  paths: {
    ...standard.paths,
    authorization: ['/sso/board', '/legacy/sign-on'],
    token: ['/sso/tickets'],
    userinfo: ['/sso/crew-member'],
    jwks: ['/sso/keys.json'],
    login: ['/gangway'],
    introspection: [],
    check_session: [],
  },
  interaction: { ...standard.interaction, login: { parameter: 'berth', beside: { lights: 'on' } } },
  lifetimes: { ...standard.lifetimes, access_token: 1234 },
  signing_algorithm: 'PS256',
  offline_scopes: ['at-sea'],
  scope_claims: { ...standard.scope_claims, crew: ['crew_id', 'port', 'papers'], 'at-sea': [] },
  user_claims: {
    crew_id: { fact: 'username' },
    port: { first: [{ claim: 'port' }, { constant: 'unknown' }] },
    papers: { members: { name: { claim: 'name' }, flag: { constant: 'white' } } },
  },
  redirects: { ...standard.redirects, localhost_any_port: false, placeholders: { '@home@': 'site' } },
  requests: { ...standard.requests, state_required: true, state_least: 12 },
  answers: { empty_state: false, scope: true, session_state: 'never' },
  tokens: { ...standard.tokens, token_type: 'bearer', scope_claims_in_id_token: true },
  status_code_in_errors: true,
  wording: { 'state.too-short': { error: 'invalid_ticket', says: 'Twelve signs at least.' } },
  default_clients: [
    {
      client_id: 'logbook',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['http://localhost:[4000-4003]/cb', '@home@/logbook'],
      scope: 'openid crew at-sea',
      consent: 'skip',
    },
  ],
};

const start = async (t: Ending): Promise<Signet> => {
  const signet = await startSignet(
    t,
    { issuer_path: '/sso', profile: 'harbour', clients: [] },
    { profiles: { harbour } },
  );
  return { ...signet, url: (path) => signet.provider.tenant.site + path };
};

const ask = (over: Parameters = {}): Record<string, string> => ({
  client_id: 'logbook',
  redirect_uri: 'http://localhost:4002/cb',
  response_type: 'code',
  scope: 'openid crew at-sea',
  state: 'twelve-signs',
  ...over,
});

/** Goes to the sign-in by one of the two addresses. */
const open = (signet: Signet, parameters: Parameters, path = '/sso/board') => {
  const person = personAt({ ...signet, issuer: signet.provider.tenant.site });
  const query = new URLSearchParams(parameters).toString();
  return { person, page: person.visit(`${signet.url(path)}?${query}`).then(person.follow) };
};

for (const path of ['/sso/board', '/legacy/sign-on']) {
  test(`a profile that is data alone carries a whole sign-in by ${path}`, async (t) => {
    const signet = await start(t);
    const found = (await (await fetch(signet.url('/sso/.well-known/openid-configuration'))).json()) as Record<
      string,
      unknown
    >;
    assert.equal(found['issuer'], signet.issuer);
    assert.equal(found['authorization_endpoint'], signet.url('/sso/board'));
    assert.equal(found['introspection_endpoint'], undefined);
    const { code_verifier, challenge } = pkce();
    const { person, page } = open(signet, ask(challenge), path);
    const login = new URL((await page).url);
    assert.equal(login.pathname, '/gangway');
    assert.deepEqual([...login.searchParams.keys()], ['berth', 'lights']);
    const answer = answerOf(await person.submit(await page, ALICE));
    assert.deepEqual([answer['state'], answer['scope']], ['twelve-signs', 'openid crew at-sea']);
    assert.equal(answer['session_state'], undefined);

    const form = { client_id: 'logbook', redirect_uri: ask()['redirect_uri'] ?? '' };
    const redeem = { grant_type: 'authorization_code', code: answer['code'] ?? '', code_verifier, ...form };
    const { status, body } = await post(signet.url('/sso/tickets'), redeem);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body['token_type'], body['expires_in']], ['bearer', 1234]);
    const keys = (await (await fetch(signet.url('/sso/keys.json'))).json()) as JSONWebKeySet;
    const { payload, protectedHeader } = await jwtVerify(String(body['id_token']), createLocalJWKSet(keys), {
      issuer: signet.issuer,
      audience: 'logbook',
    });
    assert.equal(protectedHeader.alg, 'PS256');
    const papers = { name: 'Alice Example', flag: 'white' };
    assert.deepEqual([payload['crew_id'], payload['port'], payload['papers']], ['alice', 'unknown', papers]);
    const refreshed = await post(signet.url('/sso/tickets'), {
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
      client_id: 'logbook',
    });
    assert.equal(refreshed.status, 200, 'at-sea asks for a refresh token');
    const crew = await fetch(signet.url('/sso/crew-member'), {
      headers: { authorization: `Bearer ${String(refreshed.body['access_token'])}` },
    });
    assert.equal(((await crew.json()) as { crew_id: string }).crew_id, 'alice');
  });
}

test('its rules and words are its own: the length of the state, the ports, the status in errors', async (t) => {
  const signet = await start(t);
  const { challenge } = pkce();
  const told = async (over: Parameters) => answerOf(await open(signet, ask({ ...challenge, ...over })).page);
  const short = await told({ state: 'eleven-sign' });
  assert.equal(short['error'], 'invalid_ticket');
  assert.match(short['error_description'] ?? '', /^Twelve signs at least\./);
  for (const port of [3999, 4004, 80]) {
    const { page } = open(signet, ask({ ...challenge, redirect_uri: `http://localhost:${port}/cb` }));
    assert.deepEqual([(await page).status, (await page).location], [400, undefined], `port ${port}`);
  }
  const home = `${signet.provider.tenant.site}/logbook`;
  const { person, page } = open(signet, ask({ ...challenge, redirect_uri: home, state: 'thirteen-signs' }));
  const seen = await person.visit((await page).url, {
    method: 'POST',
    body: new URLSearchParams({ ...BOB, berth: new URL((await page).url).searchParams.get('berth') ?? '' }),
  });
  assert.ok(seen.location?.startsWith(`${home}?code=`), `${seen.location}`);
  const refused = await post(signet.url('/sso/tickets'), { grant_type: 'tide' });
  assert.deepEqual([refused.status, refused.body['status_code']], [400, 400]);
  for (const path of ['/authorize', '/token', '/sso/introspect', '/login'])
    assert.equal((await fetch(signet.url(path))).status, 404, `${path} is not there`);
});
