import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { listAudit } from '../../src/admin/audit.ts';
import { explainRefusal } from '../../src/admin/explain.ts';
import { createPersonalToken, findPersonalToken } from '../../src/admin/personal-tokens.ts';
import { newSetupSecret, setupSecretIsGood } from '../../src/identity/setup.ts';
import type { User } from '../../src/model/user.ts';
import { answerOf, basic, type Parameters, type Person, personAt, post } from '../support/person.ts';
import { referenceIn } from '../support/refusals.ts';
import type { Ending, Signet } from '../support/signet.ts';
import { startTwoTenants } from '../support/tenants.ts';

/** One of two tenants with different profiles that share a server, a database and every name, and no secret. */
type House = Readonly<{
  signet: Signet;
  paths: Readonly<Record<'authorize' | 'token' | 'userinfo' | 'logout' | 'jwks', string>>;
  secret: string;
  alice: { username: string; password: string };
}>;

const REDIRECT = 'http://127.0.0.1:9000/cb';

const clientWith = (client_secret: string) => ({
  client_id: 'shared-name',
  client_secret,
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  require_pkce: false,
  consent: 'remember',
});

const SECRETS = ['the secret at the first', 'the secret at the second'] as const;
const PASSWORDS = ['wonderland at the first', 'wonderland at the second'] as const;

async function start(t: Ending): Promise<readonly [House, House]> {
  const [one, two] = await startTwoTenants(
    t,
    (['userclouds', 'standard'] as const).map((profile, index) => ({
      profile,
      clients: [clientWith(SECRETS[index] ?? '')],
      users: [{ username: 'alice', password: PASSWORDS[index] }],
    })),
  );
  const alice = (index: 0 | 1) => ({ username: 'alice', password: PASSWORDS[index] });
  return [
    {
      signet: one,
      secret: SECRETS[0],
      alice: alice(0),
      paths: {
        authorize: '/oidc/authorize',
        token: '/oidc/token',
        userinfo: '/oidc/userinfo',
        logout: '/oidc/logout',
        jwks: '/.well-known/jwks.json',
      },
    },
    {
      signet: two,
      secret: SECRETS[1],
      alice: alice(1),
      paths: {
        authorize: '/authorize',
        token: '/token',
        userinfo: '/userinfo',
        logout: '/logout',
        jwks: '/jwks',
      },
    },
  ];
}

const ask = (over: Parameters = {}): Record<string, string> => ({
  client_id: 'shared-name',
  redirect_uri: REDIRECT,
  response_type: 'code',
  scope: 'openid offline_access',
  state: 'state-of-the-client',
  ...over,
});

const open = async ({ signet, paths }: House, person: Person, over: Parameters = {}) =>
  person.follow(
    await person.visit(`${signet.url(paths.authorize)}?${new URLSearchParams(ask(over)).toString()}`),
  );

/** Signs alice in and allows what is asked. */
async function signIn(
  house: House,
  person = personAt(house.signet),
): Promise<{ person: Person; code: string }> {
  let seen = await open(house, person);
  for (let steps = 0; seen.location === undefined && steps < 3; steps += 1)
    seen = await person.submit(seen, /name="password"/.test(seen.text) ? house.alice : { decision: 'allow' });
  return { person, code: answerOf(seen)['code'] ?? assert.fail(seen.text) };
}

const token = (house: House, form: Parameters, secret = house.secret) =>
  post(house.signet.url(house.paths.token), form, basic('shared-name', secret));

const redeem = (house: House, code: string) =>
  token(house, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT });

const userinfo = async ({ signet, paths }: House, access_token: string): Promise<number> =>
  (await fetch(signet.url(paths.userinfo), { headers: { authorization: `Bearer ${access_token}` } })).status;

const userOf = async ({ signet }: House): Promise<User> =>
  (await signet.provider.store.findUserByName(signet.provider.tenant.id, 'alice')) ??
  assert.fail('there is no alice');

/** Two tests: from the first tenant to the second, and the other way. */
function bothWays(name: string, check: (from: House, to: House) => Promise<void>): void {
  for (const first of ['userclouds', 'standard']) {
    test(`${name} (${first} first)`, async (t) => {
      const [one, two] = await start(t);
      await (first === 'userclouds' ? check(one, two) : check(two, one));
    });
  }
}

bothWays(
  'a client of the same name at another tenant is another client, with its own secret',
  async (from, to) => {
    const form = { grant_type: 'client_credentials' };
    assert.equal((await token(to, form, from.secret)).status, 401);
    assert.equal((await token(to, form)).status, 200);
  },
);

bothWays(
  'a user of the same name at another tenant is another user, with an own password and sub',
  async (from, to) => {
    const person = personAt(to.signet);
    const refused = await person.submit(await open(to, person), from.alice);
    assert.deepEqual([refused.status, refused.location], [422, undefined]);
    assert.notEqual((await userOf(from)).sub, (await userOf(to)).sub);
    assert.notEqual((await userOf(from)).id, (await userOf(to)).id);
  },
);

bothWays('the cookies of a session sign nobody in at another tenant', async (from, to) => {
  const { person } = await signIn(from);
  const thief = personAt(to.signet);
  for (const [name, value] of person.cookies) thief.cookies.set(name, value);
  assert.equal(answerOf(await open(to, thief, { prompt: 'none' }))['error'], 'login_required');
  assert.ok(answerOf(await open(from, person, { prompt: 'none' }))['code']);
});

bothWays(
  'a request that waits at one tenant is no request at another, at the same browser',
  async (from, to) => {
    const person = personAt(from.signet);
    const page = await open(from, person);
    const there = personAt(to.signet);
    for (const [name, value] of person.cookies) there.cookies.set(name, value);
    const elsewhere = await open(to, there);
    const sealed = [...new URL(page.url).searchParams.values()].at(0) ?? '';
    const action = new URL(elsewhere.url);
    action.search = '';
    const seen = await there.visit(action.href, {
      method: 'POST',
      body: new URLSearchParams({ interaction: sealed, ...to.alice }),
    });
    assert.deepEqual([seen.status, seen.location], [400, undefined]);
  },
);

bothWays('a code of one tenant is unknown at another, and is not spent there', async (from, to) => {
  const { code } = await signIn(from);
  await signIn(to);
  assert.equal((await redeem(to, code)).body['error'], 'invalid_grant');
  assert.equal((await redeem(from, code)).status, 200);
});

bothWays('a refresh token of one tenant is unknown at another, and its line goes on', async (from, to) => {
  const { body } = await redeem(from, (await signIn(from)).code);
  await redeem(to, (await signIn(to)).code);
  const form = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  assert.equal((await token(to, form)).body['error'], 'invalid_grant');
  assert.equal((await token(from, form)).status, 200);
});

bothWays(
  'an access token of one tenant opens nothing at another, however often it is tried',
  async (from, to) => {
    const { body } = await redeem(from, (await signIn(from)).code);
    const { body: service } = await token(from, { grant_type: 'client_credentials' });
    for (const access_token of [String(body['access_token']), String(service['access_token'])]) {
      // What is remembered of tokens is remembered for all tenants together.
      for (let times = 0; times < 3; times += 1) {
        await userinfo(from, access_token);
        assert.equal(await userinfo(to, access_token), 401);
      }
    }
    assert.equal(await userinfo(from, String(body['access_token'])), 200);
  },
);

bothWays('an ID token of one tenant is no hint at another', async (from, to) => {
  const { body } = await redeem(from, (await signIn(from)).code);
  const id_token_hint = String(body['id_token']);
  const person = personAt(to.signet);
  const asked = await open(to, person, { prompt: 'none', id_token_hint });
  assert.equal(answerOf(asked)['error'], 'invalid_request');
  const query = new URLSearchParams({ id_token_hint }).toString();
  assert.equal((await person.visit(`${to.signet.url(to.paths.logout)}?${query}`)).status, 400);
});

bothWays('a personal token of one tenant is nobody’s at another', async (from, to) => {
  const made = await createPersonalToken(from.signet.provider, {
    user: await userOf(from),
    kind: 'test',
    label: '',
    scopes: [],
    window: 60_000,
    createdBy: 'test',
  });
  const text = made.kind === 'created' ? made.text : assert.fail(made.fault);
  assert.equal(await findPersonalToken(to.signet.provider, text), undefined);
  assert.ok(await findPersonalToken(from.signet.provider, text));
});

bothWays('the reference of a refusal explains nothing at another tenant', async (from, to) => {
  const refused = await token(from, { grant_type: 'client_credentials' }, 'wrong');
  await setImmediate();
  const reference = referenceIn(refused);
  assert.equal(await explainRefusal(to.signet.provider, reference), undefined);
  assert.ok(await explainRefusal(from.signet.provider, reference));
});

bothWays('no key of one tenant is published by another', async (from, to) => {
  const kids = async ({ signet, paths }: House) => {
    const set = (await (await fetch(signet.url(paths.jwks))).json()) as {
      keys: { kid: string; n?: string }[];
    };
    return set.keys.map(({ kid }) => kid);
  };
  const [own, theirs] = [await kids(from), await kids(to)];
  assert.ok(own.length > 0 && theirs.length > 0);
  assert.deepEqual(
    own.filter((kid) => theirs.includes(kid)),
    [],
  );
});

bothWays('what a person allowed at one tenant is asked again at another', async (from, to) => {
  await signIn(from);
  await signIn(from);
  const person = personAt(to.signet);
  const asked = await person.submit(await open(to, person), to.alice);
  if (asked.location !== undefined) return assert.fail('nothing was asked');
  const again = await personAtHome(from);
  assert.ok(answerOf(again)['code'], 'and is remembered where it was allowed');
});

/** Alice signs in where she has allowed everything before. */
async function personAtHome(house: House) {
  const person = personAt(house.signet);
  return person.submit(await open(house, person), house.alice);
}

bothWays('the audit log of one tenant tells nothing of another', async (from, to) => {
  const before = await listAudit(to.signet.provider, { atMost: 100 });
  await signIn(from);
  assert.deepEqual(await listAudit(to.signet.provider, { atMost: 100 }), before);
  const { sub } = await userOf(from);
  const own = await listAudit(from.signet.provider, { atMost: 100, action: 'user.signed_in' });
  assert.ok(own.some(({ subject }) => subject === sub));
});

bothWays('the set-up link of one tenant makes no administrator at another', async (from, to) => {
  const secret = (await newSetupSecret(from.signet.provider)) ?? assert.fail('there is an administrator');
  await newSetupSecret(to.signet.provider);
  assert.equal(await setupSecretIsGood(to.signet.provider, secret), false);
  assert.equal(await setupSecretIsGood(from.signet.provider, secret), true);
});

bothWays('failures at one tenant make nobody wait at another', async (from, to) => {
  const person = personAt(from.signet);
  const page = await open(from, person);
  let status = 0;
  for (let failures = 0; failures < 12 && status !== 403 && status !== 429; failures += 1)
    status = (await person.submit(page, { ...from.alice, password: 'wrong' })).status;
  assert.ok(status === 403 || status === 429, `${status}`);
  assert.ok((await signIn(to)).code);
});
