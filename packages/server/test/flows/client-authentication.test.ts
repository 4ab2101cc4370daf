import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type Answered,
  answerOf,
  basic,
  type Parameters,
  personAt,
  pkce,
  post,
  request,
} from '../support/person.ts';
import { REDIRECT, SECRET, SPA, startSignet } from '../support/signet.ts';

const service = (client_id: string, over: Record<string, unknown> = {}) => ({
  client_id,
  client_secret: SECRET,
  grant_types: ['client_credentials'],
  scope: '',
  ...over,
});
const ODD_ID = 'id with: blank+plus%percent';
const ODD_SECRET = 'a+b c:d%20e&f=g"h\\i~';
const signet = await startSignet(
  { after },
  {
    clients: [
      service('by-basic'),
      service('by-post', { token_endpoint_auth_method: 'client_secret_post' }),
      service(ODD_ID, { client_secret: ODD_SECRET }),
      service('by-assertion', {
        token_endpoint_auth_method: 'client_secret_jwt',
        client_secret: SECRET.repeat(2),
      }),
      service('off', { disabled: true }),
      SPA,
    ],
  },
);
const ask = (form: Parameters, headers: Record<string, string> = {}): Promise<Answered> =>
  post(signet.url('/token'), { grant_type: 'client_credentials', ...form }, headers);
const isRefused = ({ status, body }: Answered, note = ''): void => {
  assert.equal(status, 401, note);
  assert.equal(body['error'], 'invalid_client', note);
  assert.equal('access_token' in body, false);
};
const raw = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

test('client_secret_basic: id and secret form-encoded in the header (RFC 6749 §2.3.1, OIDC Core §9)', async () => {
  assert.equal((await ask({}, basic('by-basic'))).status, 200);
  assert.equal((await ask({}, raw(`by-basic:${SECRET}`))).status, 200);
});

test('plus, percent, colon and blank in id and secret are decoded as a form is (RFC 6749 §2.3.1)', async () => {
  const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  assert.equal((await ask({}, raw(`${form(ODD_ID)}:${form(ODD_SECRET)}`))).status, 200);
  assert.equal(
    (await ask({}, raw(`${encodeURIComponent(ODD_ID)}:${encodeURIComponent(ODD_SECRET)}`))).status,
    200,
  );
  isRefused(await ask({}, raw(`${ODD_ID}:${ODD_SECRET}`)), 'not encoded');
});

test('the scheme is known in any case, and everything else of the header is strict (RFC 6749 §2.3.1)', async () => {
  const { authorization } = basic('by-basic');
  assert.equal((await ask({}, { authorization: authorization.replace('Basic', 'bASIC') })).status, 200);
  const malformed = [
    'Basic',
    'Basic ',
    `Basic${authorization.slice(6)}`,
    `${authorization},`,
    `${authorization} x`,
    'Basic !!!!',
    'Basic YQ',
    'Digest x',
    'Bearer x',
    raw('by-basic').authorization,
    raw(':secret').authorization,
    raw(`by-basic:%zz`).authorization,
    raw(`by-basic:%ff`).authorization,
    raw(`by-basic :${SECRET}`).authorization,
    raw(`by-basic:${SECRET}\0`).authorization,
    raw(`by-basic:${SECRET}:`).authorization,
    authorization.replaceAll('=', ''),
    authorization.replace(/.{4}$/, '-_-_'),
  ];
  for (const header of malformed) isRefused(await ask({}, { authorization: header }), header);
});

test('client_secret_post: id and secret in the body (RFC 6749 §2.3.1, OIDC Core §9)', async () => {
  assert.equal((await ask({ client_id: 'by-post', client_secret: SECRET })).status, 200);
  isRefused(await ask({ client_id: 'by-post', client_secret: `${SECRET}x` }), 'wrong');
  isRefused(await ask({ client_id: 'by-post', client_secret: SECRET.toUpperCase() }), 'other case');
  isRefused(await ask({ client_id: 'by-post' }), 'none');
  isRefused(await ask({ client_id: 'by-post', client_secret: '' }), 'empty');
  isRefused(await ask({ client_secret: SECRET }), 'no client_id');
});

test('a secret may come in header or body, whichever of the two is registered (RFC 6749 §2.3.1)', async () => {
  assert.equal((await ask({ client_id: 'by-basic', client_secret: SECRET })).status, 200);
  assert.equal((await ask({}, basic('by-post'))).status, 200);
});

test('a client without its secret, or with one where an assertion is due, is refused (RFC 7591 §2)', async () => {
  isRefused(await ask({ client_id: 'by-basic' }));
  isRefused(await ask({ client_id: 'by-assertion', client_secret: SECRET.repeat(2) }));
});

test('credentials in header and body are accepted only when they are equal (RFC 6749 §2.3)', async () => {
  assert.equal((await ask({ client_id: 'by-basic', client_secret: SECRET }, basic('by-basic'))).status, 200);
  assert.equal((await ask({ client_id: 'by-basic' }, basic('by-basic'))).status, 200);
  const contradictions: Parameters[] = [
    { client_id: 'by-post' },
    { client_id: 'by-basic', client_secret: 'other' },
    { client_secret: 'other' },
  ];
  for (const form of contradictions) {
    const { status, body } = await ask(form, basic('by-basic'));
    assert.equal(status, 400);
    assert.equal(body['error'], 'invalid_request');
  }
  const assertion = {
    client_assertion: 'x.y.z',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  };
  assert.equal((await ask(assertion, basic('by-basic'))).body['error'], 'invalid_request');
  assert.equal(
    (await ask({ ...assertion, client_id: 'by-post', client_secret: SECRET })).body['error'],
    'invalid_request',
  );
});

test('credentials in the address count for nothing (RFC 6749 §2.3.1)', async () => {
  const query = new URLSearchParams({ client_id: 'by-post', client_secret: SECRET }).toString();
  isRefused(await post(`${signet.url('/token')}?${query}`, { grant_type: 'client_credentials' }));
});

test('an unknown client, a wrong secret and a client that is switched off look alike (RFC 6749 §5.2)', async () => {
  const answers = await Promise.all([
    ask({}, basic('nobody')),
    ask({}, basic('by-basic', 'wrong')),
    ask({}, basic('off')),
    ask({}, basic('off', 'wrong')),
    ask({}, basic('')),
  ]);
  const plain = answers.map(
    ({ status, body }) => `${status} ${JSON.stringify(body).replace(/ref \w+/, 'ref')}`,
  );
  assert.equal(new Set(plain.slice(0, 4)).size, 1);
  for (const answer of answers) isRefused(answer);
});

test('a header that failed is answered with its challenge, a body that failed without one (RFC 6749 §5.2)', async () => {
  const byHeader = await ask({}, basic('by-basic', 'wrong'));
  assert.equal(byHeader.headers.get('www-authenticate'), `Basic realm="${signet.issuer}"`);
  assert.equal(
    (await ask({ client_id: 'by-post', client_secret: 'wrong' })).headers.get('www-authenticate'),
    null,
  );
});

test('a public client names itself, and a secret it makes up neither helps nor harms (RFC 6749 §2.1, §3.2.1, RFC 8252 §8.5)', async () => {
  const { code_verifier, challenge } = pkce();
  const extras: Parameters[] = [{}, { client_secret: 'made-up' }];
  for (const extra of extras) {
    const { code = '' } = answerOf(await personAt(signet).grant(request({ client_id: 'spa', ...challenge })));
    const form = {
      grant_type: 'authorization_code',
      code,
      code_verifier,
      redirect_uri: REDIRECT,
      client_id: 'spa',
      ...extra,
    };
    assert.equal((await post(signet.url('/token'), form)).status, 200);
  }
  const asService = await ask({ client_id: 'spa', client_secret: 'made-up' });
  assert.equal(asService.body['error'], 'unauthorized_client');
});

test('a client without its grant type is refused after it has proved itself (RFC 6749 §5.2)', async () => {
  const { status, body } = await post(
    signet.url('/token'),
    { grant_type: 'refresh_token', refresh_token: 'x' },
    basic('by-basic'),
  );
  assert.equal(status, 400);
  assert.equal(body['error'], 'unauthorized_client');
});
