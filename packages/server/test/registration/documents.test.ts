import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Ending, listen, type Signet, startSignet } from '../support/signet.ts';
import { newClientKey, seconds, unsigned } from '../support/tokens.ts';
import { manage, ON, register, replacementOf, URIS } from './registering.ts';

const TLS = join(import.meta.dirname, '..', 'support', 'tls');
const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(TLS, name), 'utf8'));
setDefaultCACertificates([...getCACertificates(), cert ?? '']);

/** Documents of others, by path. */
const documents = new Map<string, Readonly<{ status?: number; location?: string; body?: string }>>();
let asked = 0;
const others = createServer({ cert, key }, (request, response) => {
  asked += 1;
  const { status = 200, location, body = '' } = documents.get(request.url ?? '') ?? { status: 404 };
  response.writeHead(status, location === undefined ? {} : { location }).end(body);
});
const origin = `https://127.0.0.1:${await listen(others)}`;
after(() => others.close());

const OPENED = { ...ON, outbound: { allow_hosts: ['127.0.0.1'] } };
const REDIRECTS = ['https://one.example/cb', 'https://two.example/cb'];
const PAIRWISE = {
  subject_type: 'pairwise',
  redirect_uris: REDIRECTS,
  sector_identifier_uri: `${origin}/sector.json`,
};

test('a sector is registered when its document lists every redirect (OIDC Registration §5)', async (t) => {
  const signet = await startSignet(t, OPENED);
  documents.set('/sector.json', { body: JSON.stringify([...REDIRECTS, 'https://three.example/cb']) });
  const { status, body } = await register(signet, PAIRWISE);
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual(
    [body['subject_type'], body['sector_identifier_uri']],
    ['pairwise', PAIRWISE.sector_identifier_uri],
  );
  const moved = { ...replacementOf(body), redirect_uris: [...REDIRECTS, 'https://evil.example/cb'] };
  const refused = await manage('PUT', body, moved);
  assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_client_metadata']);
  assert.match(refused.text, /does not list every one of the redirect_uris/);
});

test('a sector whose document is missing, elsewhere, too large or of another shape is refused, and nothing of it is told', async (t) => {
  const signet = await startSignet(t, OPENED);
  const strange = [
    { status: 404, body: JSON.stringify(REDIRECTS) },
    { status: 302, location: `${origin}/good.json` },
    { body: '["evil' },
    { body: '{"evil":1}' },
    { body: '["evil"]' },
    { body: '[7]' },
    { body: JSON.stringify([...REDIRECTS, 'x'.repeat(300_000)]) },
  ];
  documents.set('/good.json', { body: JSON.stringify(REDIRECTS) });
  for (const document of strange) {
    documents.set('/sector.json', document);
    const { status, body, text } = await register(signet, PAIRWISE);
    assert.deepEqual(
      [status, body['error']],
      [400, 'invalid_client_metadata'],
      JSON.stringify(document).slice(0, 60),
    );
    assert.ok(!text.includes('evil'), text);
  }
  const several = await register(signet, { ...PAIRWISE, sector_identifier_uri: undefined });
  assert.equal(several.status, 400, 'several hosts without a sector');
});

test('the server asks no host inside its network that the operator has not opened', async (t) => {
  const signet = await startSignet(t, ON);
  const before = asked;
  const addresses = [
    origin,
    'https://localhost:1',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254',
    'https://2130706433',
  ];
  for (const address of addresses) {
    const { status, body } = await register(signet, {
      ...PAIRWISE,
      sector_identifier_uri: `${address}/sector.json`,
    });
    assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata'], address);
  }
  assert.equal(asked, before);
});

const AUTHORITY = 'https://authority.example';
const [trusted, other] = await Promise.all([newClientKey('RS256'), newClientKey('ES256')]);
const withStatements = (t: Ending, more: Record<string, unknown> = {}) =>
  startSignet(t, {
    ...OPENED,
    registration: {
      software_statement: {
        issuers: [
          { issuer: AUTHORITY, jwks: { keys: [trusted.jwk] } },
          { issuer: 'https://remote.example', jwks_uri: `${origin}/jwks` },
        ],
        ...more,
      },
    },
  });
const claims = (signet: Signet, over: Record<string, unknown> = {}) => ({
  iss: AUTHORITY,
  iat: seconds(signet),
  software_id: 'the-software',
  client_name: 'Attested App',
  ...over,
});

test('what a software statement says counts for more, and is told with the statement as it was sent (RFC 7591 §2.3, §3.1.1, §3.2.1)', async (t) => {
  const signet = await withStatements(t);
  const software_statement = await trusted.sign(
    claims(signet, { redirect_uris: ['https://attested.example/cb'], consent: 'skip', client_id: 'mine' }),
  );
  const wish = { ...URIS, client_name: 'Liar', software_version: '2', software_statement };
  const { status, body } = await register(signet, wish);
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual(
    [body['client_name'], body['software_id'], body['software_version'], body['redirect_uris']],
    ['Attested App', 'the-software', '2', ['https://attested.example/cb']],
  );
  assert.equal(body['software_statement'], software_statement);
  assert.notEqual(body['client_id'], 'mine');
  const stored = await signet.provider.store.findClient(signet.provider.tenant.id, String(body['client_id']));
  assert.equal(stored?.metadata.consent, 'always');
  assert.equal((await manage('GET', body)).body['software_statement'], software_statement);
  const replaced = await manage('PUT', body, { ...replacementOf(body), client_name: 'Liar' });
  assert.equal(replaced.body['client_name'], 'Attested App');
  const { software_statement: _none, ...without } = replacementOf(replaced.body);
  assert.equal('software_statement' in (await manage('PUT', replaced.body, without)).body, false);
});

test('keys of an issuer are fetched where it has an address', async (t) => {
  const signet = await withStatements(t);
  documents.set('/jwks', { body: JSON.stringify({ keys: [other.jwk] }) });
  const signed = await other.sign(claims(signet, { iss: 'https://remote.example' }));
  assert.equal((await register(signet, { ...URIS, software_statement: signed })).status, 201);
  const forged = await trusted.sign(claims(signet, { iss: 'https://remote.example' }));
  const { body } = await register(signet, { ...URIS, software_statement: forged });
  assert.equal(body['error'], 'invalid_software_statement');
});

test('a statement that is none, does not verify or is over is invalid; one of a stranger is unapproved (RFC 7591 §3.2.2)', async (t) => {
  const signet = await withStatements(t);
  const good = await trusted.sign(claims(signet));
  const invalid: readonly unknown[] = [
    'evil',
    '',
    7,
    { iss: AUTHORITY },
    `${good.slice(0, -6)}AAAAAA`,
    await other.sign(claims(signet)),
    unsigned(claims(signet)),
    await trusted.sign(claims(signet, { exp: seconds(signet, -60) })),
    await trusted.sign(claims(signet, { nbf: seconds(signet, 600) })),
    await trusted.sign(claims(signet, { iss: undefined })),
    await trusted.sign(claims(signet), { typ: 'at+jwt' }),
    'x'.repeat(20_000),
  ];
  for (const software_statement of invalid) {
    const { status, body } = await register(signet, { ...URIS, software_statement });
    assert.deepEqual(
      [status, body['error']],
      [400, 'invalid_software_statement'],
      String(software_statement).slice(0, 40),
    );
  }
  const stranger = await other.sign(claims(signet, { iss: 'https://stranger.example' }));
  const { status, body } = await register(signet, { ...URIS, software_statement: stranger });
  assert.deepEqual([status, body['error']], [400, 'unapproved_software_statement']);
  const faulty = await trusted.sign(claims(signet, { redirect_uris: ['http://evil.example/cb'] }));
  const redirect = await register(signet, { ...URIS, software_statement: faulty });
  assert.equal(redirect.body['error'], 'invalid_redirect_uri', 'what is stated is checked as well');
  const admins = await trusted.sign(claims(signet, { scope: 'signet:users:write' }));
  assert.equal((await register(signet, { ...URIS, software_statement: admins })).status, 400);
});

test('where statements are required nobody registers without one; where no issuer is known none is looked at', async (t) => {
  const signet = await withStatements(t, { required: true });
  const refused = await register(signet, URIS);
  assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_software_statement']);
  const software_statement = await trusted.sign(claims(signet));
  const own = await register(signet, { ...URIS, software_statement });
  assert.equal(own.status, 201);
  const { software_statement: _none, ...without } = replacementOf(own.body);
  assert.equal((await manage('PUT', own.body, without)).status, 400);
  const plain = await startSignet(t, ON);
  const { status, body } = await register(plain, { ...URIS, software_statement: 'x' });
  assert.deepEqual([status, 'software_statement' in body], [201, false]);
});
