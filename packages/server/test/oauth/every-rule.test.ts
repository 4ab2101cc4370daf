import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { lockUser } from '../../src/admin/users.ts';
import type { Profile } from '../../src/model/profile.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import { introspectionEndpoint } from '../../src/oauth/introspect.ts';
import { RULES, type RuleId } from '../../src/oauth/rules.ts';
import { standard } from '../../src/profiles/standard.ts';
import {
  type Answered,
  answerOf,
  basic,
  exchange,
  type Parameters,
  personAt,
  pkce,
  post,
  refresh,
  request,
  type Seen,
  tokensFor,
} from '../support/person.ts';
import { explained } from '../support/refusals.ts';
import { BOB, REDIRECT, SECRET, SPA, startSignet, USERS, WEB_APP } from '../support/signet.ts';
import { newClientKey, seconds } from '../support/tokens.ts';

const key = await newClientKey('ES256');
const signet = await startSignet(
  { after },
  {
    clients: [
      WEB_APP,
      SPA,
      { ...WEB_APP, client_id: 'two-redirects', redirect_uris: [REDIRECT, `${REDIRECT}2`] },
      { ...WEB_APP, client_id: 'code-only', response_types: ['code'] },
      { ...WEB_APP, client_id: 'careful', consent: 'remember' },
      { ...WEB_APP, client_id: 'strict', require_signed_request_object: true, jwks: { keys: [key.jwk] } },
      { ...WEB_APP, client_id: 'off', disabled: true },
      {
        client_id: 'signer',
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [key.jwk] },
        scope: '',
      },
    ],
  },
);
const person = personAt(signet);
await person.grant(request());
const alices = await tokensFor(signet, {}, person);
const bobs = await tokensForBob();

async function tokensForBob(): Promise<Record<string, string>> {
  return answerOf(await personAt(signet).grant(request({ response_type: 'id_token' }), BOB));
}
const ask = (over: Parameters) => person.authorize(request(over));
const raw = (query: string) => person.visit(`${signet.url('/authorize')}?${query}`);
const token = (form: Parameters, headers: Record<string, string> = basic()) =>
  post(signet.url('/token'), form, headers);
const newCode = async (over: Parameters = {}) => answerOf(await ask(over))['code'] ?? '';
const logout = (over: Parameters) =>
  person.visit(`${signet.url('/logout')}?${new URLSearchParams(over).toString()}`);
const claims = (value: unknown) => JSON.stringify(value);
const userinfo = (headers: Record<string, string>, query = '', body?: URLSearchParams) =>
  userinfoAt(query, { headers, ...(body && { method: 'POST', body }) });
async function userinfoAt(query: string, init: RequestInit): Promise<Answered> {
  const response = await fetch(signet.url('/userinfo') + query, init);
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}
const assertion = async (over: Record<string, unknown> = {}) => ({
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: await key.sign({
    iss: 'signer',
    sub: 'signer',
    aud: signet.issuer,
    exp: seconds(signet, 60),
    jti: randomUUID(),
    ...over,
  }),
});
async function twice(work: () => Promise<Answered>): Promise<Answered> {
  await work();
  return work();
}
async function ended(): Promise<Answered> {
  const { refresh_token = '' } = await tokensFor(signet, {}, person);
  await post(signet.url('/revoke'), { token: refresh_token }, basic());
  return refresh(signet, refresh_token);
}
async function replayedRefresh(): Promise<Answered> {
  const { refresh_token: first = '' } = await tokensFor(signet, {}, person);
  const second = (await refresh(signet, first)).body['refresh_token'];
  await refresh(signet, String(second));
  return refresh(signet, first);
}
async function later(milliseconds: number, work: () => Promise<Answered>): Promise<Answered> {
  signet.clock.advance(milliseconds);
  return work();
}

type Refused = () => Promise<Answered | Seen>;

/** A provider that asks for more than the standard does, and gives more. */
const demanding: Profile = {
  ...standard,
  name: 'demanding',
  grant_types: [...standard.grant_types, 'password'],
  requests: {
    ...standard.requests,
    state_required: true,
    state_least: 8,
    nonce_least: 8,
    openid_required: true,
    challenge_without_code: 'refuse',
  },
  tokens: { ...standard.tokens, audience_parameter: true },
  attempts: { ...standard.attempts, account: { ...standard.attempts.account, free: 1 } },
};
const elsewhere = await startSignet(
  { after },
  {
    profile: 'demanding',
    clients: [
      { ...WEB_APP, grant_types: [...WEB_APP.grant_types, 'password'] },
      { ...WEB_APP, client_id: 'for-few', allowed_users: ['bob'] },
    ],
    users: [...USERS, { username: 'carol', password: 'right-for-carol' }],
  },
  { profiles: { demanding } },
);
const visitor = personAt(elsewhere);
const demand = (over: Parameters) => visitor.authorize(request({ state: 'long-enough', ...over }));
const tokenElsewhere = (form: Parameters) => post(elsewhere.url('/token'), form, basic());
const byPassword = (password: string, username = 'alice') =>
  tokenElsewhere({ grant_type: 'password', username, password });

/** The rules that only such a provider has. */
type Demanded = (typeof DEMANDED)[number];
const DEMANDED = [
  'access.restricted',
  'audience.malformed',
  'nonce.too-short',
  'password.locked',
  'password.wait',
  'password.wrong',
  'pkce.challenge-unexpected',
  'scope.openid-required',
  'state.missing',
  'state.too-short',
] as const;

const BROKEN_ELSEWHERE: Readonly<Record<Demanded, Refused>> = {
  'state.missing': () => demand({ state: '' }),
  'state.too-short': () => demand({ state: '1234567' }),
  'nonce.too-short': () => demand({ response_type: 'id_token', nonce: '1234567' }),
  'scope.openid-required': () => demand({ scope: 'email' }),
  'pkce.challenge-unexpected': () =>
    demand({ response_type: 'id_token', nonce: '12345678', ...pkce().challenge }),
  'audience.malformed': () => tokenElsewhere({ grant_type: 'client_credentials', audience: 'here' }),
  'access.restricted': async () => {
    await visitor.grant(request({ state: 'long-enough' }));
    return demand({ client_id: 'for-few' });
  },
  'password.wrong': () => byPassword('wrong', 'bob'),
  'password.locked': async () => {
    await lockUser(elsewhere.provider, 'carol');
    return byPassword('right-for-carol', 'carol');
  },
  'password.wait': async () => {
    for (const attempt of ['wrong', 'wrong too', 'once more']) await byPassword(attempt, 'bob');
    return byPassword('wrong', 'bob');
  },
};

/** Rules that no request alone can break: tests of their own do. */
type Elsewhere = 'introspection.not-allowed' | 'password.busy' | Demanded;

/** A request that breaks each rule. */
const BROKEN: Readonly<Record<Exclude<RuleId, Elsewhere>, Refused>> = {
  'parameter.malformed': () => post(signet.url('/token'), 'x=%', basic()),
  'parameter.repeated': () => raw(`${new URLSearchParams(request()).toString()}&nonce=a`),
  'parameter.missing': () => ask({ response_type: '' }),
  'parameter.too-long': () => ask({ nonce: 'x'.repeat(3000) }),
  'request.content-type': () => token({}, { ...basic(), 'content-type': 'text/plain' }),
  'client.unknown': () => ask({ client_id: 'nobody' }),
  'client.disabled': () => ask({ client_id: 'off' }),
  'client.authentication': () => token({ grant_type: 'client_credentials' }, basic('web-app', 'wrong')),
  'client.method': () =>
    token({ grant_type: 'client_credentials', client_id: 'signer', client_secret: SECRET }, {}),
  'client.several-methods': () => token({ grant_type: 'client_credentials', client_id: 'other' }),
  'client.assertion': async () => token(await assertion({ aud: 'x' }), {}),
  'client.assertion-replayed': async () => {
    const form = await assertion();
    return twice(() => token(form, {}));
  },
  'client.public': () => post(signet.url('/introspect'), { token: 'x', client_id: 'spa' }),
  'client.grant-type': () => token({ grant_type: 'client_credentials', client_id: 'spa' }, {}),
  'client.response-type': () => ask({ client_id: 'code-only', response_type: 'token' }),
  'redirect-uri.missing': () => ask({ client_id: 'two-redirects', redirect_uri: '' }),
  'redirect-uri.unregistered': () => ask({ redirect_uri: `${REDIRECT}/` }),
  'response-type.unknown': () => ask({ response_type: 'none' }),
  'response-mode.unknown': () => ask({ response_mode: 'jwt' }),
  'response-mode.query-token': () => ask({ response_type: 'token', response_mode: 'query' }),
  'scope.malformed': () => ask({ scope: 'openid "' }),
  'scope.not-allowed': () => ask({ scope: 'openid admin' }),
  'scope.openid-missing': () => ask({ response_type: 'id_token', scope: 'email' }),
  'resource.malformed': () => ask({ resource: 'x' }),
  'resource.not-allowed': () => ask({ resource: 'https://unknown.example' }),
  'nonce.missing': () => ask({ response_type: 'id_token', nonce: '' }),
  'prompt.malformed': () => ask({ prompt: 'none login' }),
  'max-age.malformed': () => ask({ max_age: 'soon' }),
  'claims.malformed': () => ask({ claims: '[]' }),
  'id-token-hint.invalid': () => ask({ id_token_hint: 'x' }),
  'request-object.invalid': () => ask({ request: 'x' }),
  'request-object.required': () => ask({ client_id: 'strict' }),
  'request-uri.unsupported': () => ask({ request_uri: 'https://x.example' }),
  'registration.unsupported': () => ask({ registration: '{}' }),
  'pkce.required': () => ask({ client_id: 'spa', scope: 'openid' }),
  'pkce.method': () => ask({ code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }),
  'pkce.challenge-malformed': () => ask({ code_challenge: 'x', code_challenge_method: 'S256' }),
  'pkce.verifier-malformed': async () =>
    exchange(signet, await newCode(pkce().challenge), { code_verifier: 'x' }),
  'pkce.verifier-missing': async () => exchange(signet, await newCode(pkce().challenge)),
  'pkce.verifier-wrong': async () =>
    exchange(signet, await newCode(pkce().challenge), { code_verifier: pkce().code_verifier }),
  'pkce.verifier-unexpected': async () =>
    exchange(signet, await newCode(), { code_verifier: pkce().code_verifier }),
  'login.required': () => personAt(signet).authorize(request({ prompt: 'none' })),
  'login.other-user': () => ask({ prompt: 'none', id_token_hint: bobs['id_token'] ?? '' }),
  'login.acr': () => ask({ claims: claims({ id_token: { acr: { essential: true, value: 'gold' } } }) }),
  'consent.required': () => ask({ client_id: 'careful', prompt: 'none' }),
  'consent.denied': async () => person.submit(await ask({ prompt: 'consent' }), { decision: 'deny' }),
  'grant-type.unknown': () => token({ grant_type: 'password' }),
  'code.unknown': () => exchange(signet, 'x'),
  'code.expired': async () => {
    const code = await newCode();
    return later(61_000, () => exchange(signet, code));
  },
  'code.replayed': async () => {
    const code = await newCode();
    return twice(() => exchange(signet, code));
  },
  'code.other-client': async () => exchange(signet, await newCode({ client_id: 'code-only' })),
  'code.redirect-uri': async () => exchange(signet, await newCode(), { redirect_uri: `${REDIRECT}/` }),
  'grant.ended': ended,
  'refresh-token.unknown': () => refresh(signet, 'x'),
  'refresh-token.expired': async () => {
    const { refresh_token = '' } = await tokensFor(signet, {}, person);
    return later(31 * 86_400_000, () => refresh(signet, refresh_token));
  },
  'refresh-token.other-client': () =>
    token({ grant_type: 'refresh_token', refresh_token: alices['refresh_token'] ?? '' }, basic('code-only')),
  'refresh-token.replayed': replayedRefresh,
  'refresh-token.scope': () => refresh(signet, alices['refresh_token'] ?? '', { scope: 'phone' }),
  'access-token.invalid': () => userinfo({ authorization: 'Bearer x' }),
  'access-token.several': () =>
    userinfo({ authorization: 'Bearer x' }, '', new URLSearchParams({ access_token: 'x' })),
  'access-token.in-query': () => userinfo({}, '?access_token=x'),
  'access-token.scope': async () =>
    userinfo({
      authorization: `Bearer ${answerOf(await ask({ response_type: 'token', scope: 'email' }))['access_token']}`,
    }),
  'revocation.token-type': () => post(signet.url('/revoke'), { token: alices['id_token'] ?? '' }, basic()),
  'revocation.other-client': () =>
    post(signet.url('/revoke'), { token: alices['refresh_token'] ?? '' }, basic('code-only')),
  'logout.client': () => logout({ client_id: 'nobody' }),
  'logout.redirect-uri': () =>
    logout({ client_id: 'web-app', post_logout_redirect_uri: 'https://x.example' }),
  'logout.hint': () => logout({ id_token_hint: 'x' }),
};

/** The rule that moves the clock on by a month comes last. */
const inOrder = Object.entries(BROKEN).sort(
  ([a], [b]) => Number(a === 'refresh-token.expired') - Number(b === 'refresh-token.expired'),
);

test('each rule can be broken, gives its registered error on the wire, and is explained by its reference', async () => {
  const here = inOrder.map(([rule, refused]) => ({ at: signet, rule, refused }));
  const there = Object.entries(BROKEN_ELSEWHERE).map(([rule, refused]) => ({ at: elsewhere, rule, refused }));
  for (const { at, rule, refused } of [...here, ...there]) {
    const answer = await refused();
    const explanation = await explained(at, answer);
    const expected = RULES[rule as RuleId];
    assert.equal(explanation.rule, rule);
    assert.equal(explanation.error, expected.error, rule);
    for (const part of ['says', 'spec', 'fix'] as const) assert.equal(explanation[part], expected[part]);
    const said =
      'body' in answer
        ? answer.body['error']
        : (answerOf(answer)['error'] ?? /<code>(\w+)<\/code>/.exec(answer.text)?.[1]);
    assert.equal(said, expected.error, rule);
  }
});

test('a silent no of introspection leaves its reason for the operator (RFC 7662 §4)', async () => {
  const kept: Omit<Refusal, 'reference' | 'at'>[] = [];
  const recordRefusal = (refusal: (typeof kept)[number]): string => String(kept.push(refusal));
  const { access_token = '' } = await tokensFor(signet);
  const params = new Map([['token', [access_token]]]);
  const answer = await introspectionEndpoint(
    { ...signet.provider, recordRefusal },
    { params, authorization: basic('code-only').authorization },
  );
  assert.deepEqual(answer, { active: false });
  assert.deepEqual(
    kept.map(({ rule }) => rule),
    ['introspection.not-allowed'],
  );
});

test('what goes on the wire is registered, and each rule says what it means and how to mend it (RFC 6749 §4.1.2.1, §5.2)', () => {
  const registered =
    /^(invalid_(request|client|grant|scope|token|target|request_object)|unauthorized_client|unsupported_(grant_type|response_type|token_type)|access_denied|login_required|consent_required|unmet_authentication_requirements|temporarily_unavailable|insufficient_scope|request_uri_not_supported|registration_not_supported)$/;
  for (const [id, { error, says, spec, fix }] of Object.entries(RULES)) {
    assert.match(error, registered, id);
    assert.match(spec, /^(RFC \d+|OIDC [\w -]+|OAuth [\w ]+) §[\d.]+$/, id);
    assert.ok(says.endsWith('.') && fix.endsWith('.'), id);
    assert.match(says, /^[\x20\x21\x23-\x5B\x5D-\x7E]+$/, id);
  }
});
