import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { answerOf, basic, type Parameters, personAt, post, request, userinfo } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';
import { newClientKey, seconds } from '../support/tokens.ts';

const key = await newClientKey('ES256');
const SIGNER = {
  ...WEB_APP,
  client_id: 'signer',
  client_secret: undefined,
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.jwk] },
  userinfo_signed_response_alg: 'ES256',
};
const OPAQUE = { ...WEB_APP, client_id: 'opaque', access_token_format: 'opaque' };
const signet = await startSignet({ after }, { clients: [WEB_APP, SIGNER, OPAQUE] });

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const assertion = (over: Record<string, unknown> = {}) =>
  key.sign({
    iss: 'signer',
    sub: 'signer',
    aud: signet.issuer,
    exp: seconds(signet, 60),
    jti: randomUUID(),
    ...over,
  });
const asSigner = async (): Promise<Parameters> => ({
  client_assertion_type: TYPE,
  client_assertion: await assertion(),
});
const token = async (form: Parameters) =>
  (await post(signet.url('/token'), { ...form, ...(await asSigner()) })).body as Record<string, string>;

const person = personAt(signet);
const requestOfSigner = (over: Parameters = {}) =>
  request({ client_id: 'signer', scope: 'openid offline_access', ...over });
const newCode = async () => answerOf(await person.grant(requestOfSigner()))['code'] ?? '';
const byCode = async () =>
  token({ grant_type: 'authorization_code', code: await newCode(), redirect_uri: REDIRECT });
const text = async (answer: Promise<{ body: Record<string, unknown> }>) =>
  String((await answer).body['text']);

/** Everything that Signet or a client of it ever hands out or shows, each made anew, since some are good once. */
const KINDS: Record<string, () => Promise<string>> = {
  'access token': async () => (await byCode())['access_token'] ?? '',
  'opaque access token': async () =>
    answerOf(await person.grant(request({ client_id: 'opaque', response_type: 'token' })))['access_token'] ??
    '',
  'ID token': async () => (await byCode())['id_token'] ?? '',
  'refresh token': async () => (await byCode())['refresh_token'] ?? '',
  code: newCode,
  'client assertion': () => assertion(),
  'request object': () => key.sign({ ...requestOfSigner(), iss: 'signer', aud: signet.issuer }),
  'signed userinfo': async () => text(userinfo(signet, (await byCode())['access_token'] ?? '')),
  'session handle': async () => person.cookies.get('signet_session') ?? '',
  interaction: async () => {
    const { url } = await person.authorize(requestOfSigner({ prompt: 'login' }));
    return new URL(url).searchParams.get('interaction') ?? '';
  },
};

const introspect = async (shown: string, headers: Record<string, string>, form: Parameters = {}) =>
  (await post(signet.url('/introspect'), { token: shown, ...form }, headers)).body['active'] === true;

/** Every place where one of them is due: what is accepted there, and whether a text is. */
const PLACES: Record<string, { due: string[]; accepts: (shown: string) => Promise<boolean> }> = {
  'userinfo header': {
    due: ['access token', 'opaque access token'],
    accepts: async (shown) => (await userinfo(signet, shown)).status === 200,
  },
  'userinfo form': {
    due: ['access token', 'opaque access token'],
    accepts: async (access_token) => (await post(signet.url('/userinfo'), { access_token })).status === 200,
  },
  introspection: {
    due: ['access token', 'refresh token'],
    accepts: async (shown) => introspect(shown, {}, await asSigner()),
  },
  'introspection by another client': {
    due: ['opaque access token'],
    accepts: (shown) => introspect(shown, basic('opaque')),
  },
  'refresh grant': {
    due: ['refresh token'],
    accepts: async (refresh_token) =>
      'access_token' in (await token({ grant_type: 'refresh_token', refresh_token })),
  },
  'code grant': {
    due: ['code'],
    accepts: async (code) =>
      'access_token' in (await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT })),
  },
  'code_verifier of a code without challenge': {
    due: [],
    accepts: async (code_verifier) =>
      'access_token' in
      (await token({
        grant_type: 'authorization_code',
        code: await newCode(),
        redirect_uri: REDIRECT,
        code_verifier,
      })),
  },
  client_assertion: {
    due: ['client assertion'],
    accepts: async (client_assertion) =>
      (await post(signet.url('/introspect'), { token: 'x', client_assertion_type: TYPE, client_assertion }))
        .status === 200,
  },
  client_secret: {
    due: [],
    accepts: async (client_secret) =>
      (await post(signet.url('/introspect'), { token: 'x' }, basic('opaque', client_secret))).status === 200,
  },
  id_token_hint: {
    due: ['ID token'],
    accepts: async (id_token_hint) =>
      'code' in answerOf(await person.authorize(requestOfSigner({ id_token_hint, prompt: 'none' }))),
  },
  'id_token_hint of a sign-out': {
    due: ['ID token'],
    accepts: async (id_token_hint) =>
      (
        await personAt(signet).visit(
          `${signet.url('/logout')}?${new URLSearchParams({ id_token_hint }).toString()}`,
        )
      ).status !== 400,
  },
  'request parameter': {
    due: ['request object'],
    accepts: async (object) =>
      'code' in answerOf(await person.authorize({ ...requestOfSigner({ prompt: 'none' }), request: object })),
  },
  'session cookie': {
    due: ['session handle'],
    accepts: async (handle) => {
      const other = personAt(signet);
      other.cookies.set('signet_session', handle);
      return 'code' in answerOf(await other.authorize(request({ prompt: 'none' })));
    },
  },
  'login page': {
    due: ['interaction'],
    accepts: async (interaction) =>
      (await person.visit(`${signet.url('/login')}?${new URLSearchParams({ interaction }).toString()}`))
        .status < 400,
  },
};

// The kinds are told apart by prefix, type and key, and not by what a token happens to say (RFC 8725 §3.12).
for (const [place, { due, accepts }] of Object.entries(PLACES)) {
  test(`as ${place} nothing passes but: ${due.join(', ') || 'nothing of these'}`, async () => {
    for (const [kind, make] of Object.entries(KINDS)) {
      const shown = await make();
      assert.ok(shown.length > 20, kind);
      assert.equal(await accepts(shown), due.includes(kind), kind);
    }
  });
}

test('revoking ends what an access or refresh token stands for, and with anything else nothing (RFC 7009 §2.1)', async () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    const tokens = await byCode();
    const shown =
      kind === 'access token'
        ? tokens['access_token']
        : kind === 'refresh token'
          ? tokens['refresh_token']
          : await make();
    await post(signet.url('/revoke'), { token: shown ?? '', ...(await asSigner()) });
    const lives = (await userinfo(signet, tokens['access_token'] ?? '')).status === 200;
    assert.equal(lives, !['access token', 'refresh token'].includes(kind), kind);
  }
});
