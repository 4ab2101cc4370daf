import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainRefusal } from '../../src/admin/explain.ts';
import { explain } from '../../src/oauth/explain.ts';
import { basic, exchange, personAt, post, request, tokensFor } from '../support/person.ts';
import { explained, referenceIn } from '../support/refusals.ts';
import { REDIRECT, startSignet } from '../support/signet.ts';

test('an operator sees what was sent, what is registered and where the two part', async (t) => {
  const signet = await startSignet(t);
  const seen = await personAt(signet).authorize(request({ redirect_uri: 'http://127.0.0.1:9000/callback' }));
  const { facts, differences, endpoint, client_id, spec } = await explained(signet, seen);
  assert.equal(facts['received'], 'http://127.0.0.1:9000/callback');
  assert.deepEqual(facts['registered'], [REDIRECT]);
  assert.deepEqual(differences, [
    `equal to ${REDIRECT} up to character 23, then sent "allback" where "b" is registered`,
  ]);
  assert.equal(`${endpoint} ${client_id} ${spec}`, 'authorization web-app RFC 9700 §4.1.3');
});

test('the request itself is kept with it, secrets left out', async (t) => {
  const signet = await startSignet(t);
  const { facts } = await explained(
    signet,
    await exchange(signet, 'sgac_wrong', { code_verifier: 'v'.repeat(43) }),
  );
  assert.deepEqual(facts['request'], {
    grant_type: 'authorization_code',
    code: '(secret, 10 characters)',
    redirect_uri: REDIRECT,
    code_verifier: '(secret, 43 characters)',
  });
});

test('no secret that a refused request held is stored anywhere (RFC 6749 §10.3)', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const signet = await startSignet(t, {
    database: `sqlite:${join(folder, 'signet.db')}`,
    master_secret: 'a-master-secret-for-this-test-alone',
  });
  const { access_token = '', refresh_token = '', id_token = '' } = await tokensFor(signet);
  const secret = (name: string): string => `SECRET-${name}-of-this-request`;
  const form = {
    client_secret: secret('secret'),
    code: secret('code'),
    code_verifier: secret('verifier'),
    refresh_token: secret('refresh'),
    password: secret('password'),
    access_token: secret('access'),
    token: secret('token'),
    client_assertion: secret('assertion'),
    user_code: secret('user-code'),
    subject_token: secret('subject'),
  };
  for (const grant_type of ['authorization_code', 'refresh_token', 'password', 'client_credentials']) {
    await post(signet.url('/token'), { ...form, grant_type }, basic('web-app', secret('basic')));
    await post(signet.url('/token'), { ...form, grant_type, client_id: 'web-app' });
  }
  await post(signet.url('/token'), `client_secret=${secret('malformed')}%zz`, basic());
  await post(signet.url('/token'), `${secret('as-a-name')}%zz=1`, basic());
  await post(signet.url('/token'), `client_secret=${secret('one')}&client_secret=${secret('two')}`, basic());
  await post(signet.url('/revoke'), { token: refresh_token }, basic('web-app', secret('revoke')));
  await post(signet.url('/introspect'), { token: access_token, client_id: 'spa' });
  const person = personAt(signet);
  await person.authorize(
    request({
      id_token_hint: `${id_token}x`,
      request: secret('request'),
      redirect_uri: 'https://wrong.example',
    }),
  );
  await fetch(`${signet.url('/userinfo')}?access_token=${access_token}`);
  await person.visit(
    `${signet.url('/logout')}?${new URLSearchParams({ id_token_hint: `${id_token}x` }).toString()}`,
  );
  const stored = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name)))).toString(
    'latin1',
  );
  assert.ok(stored.includes('client.authentication'), 'refusals are there');
  assert.equal(stored.includes('SECRET-'), false);
  for (const shown of [access_token, refresh_token, id_token])
    assert.equal(stored.includes(shown.slice(-40)), false);
});

test('a hostile request is stored shortened, and told as text alone', async (t) => {
  const signet = await startSignet(t);
  const flood = Array.from({ length: 500 }, (_, index) => `p${index}=${'x'.repeat(50)}`).join('&');
  const { facts } = await explained(
    signet,
    await post(signet.url('/token'), `grant_type=${'g'.repeat(2000)}&${flood}`, basic()),
  );
  assert.ok(JSON.stringify(facts).length < 10_000);
  const seen = await personAt(signet).authorize(request({ client_id: '<script>alert(1)</script>' }));
  assert.ok(!seen.text.includes('<script>alert'));
  assert.equal((await explained(signet, seen)).client_id, '<script>alert(1)</script>');
});

test('a reference is read in any case, is known to its tenant and for a week', async (t) => {
  const signet = await startSignet(t);
  const reference = referenceIn(await exchange(signet, 'x'));
  assert.ok(await explainRefusal(signet.provider, ` ${reference.toLowerCase()} `));
  assert.equal(await explainRefusal(signet.provider, 'AAAAAAAA'), undefined);
  const elsewhere = { ...signet.provider, tenant: { ...signet.provider.tenant, id: 99 } };
  assert.equal(await explainRefusal(elsewhere, reference), undefined);
  signet.clock.advance(8 * 86_400_000);
  await signet.app.maintain();
  assert.equal(await explainRefusal(signet.provider, reference), undefined);
});

test('a flood of refusals is answered in full and stored in part', async (t) => {
  const signet = await startSignet(t);
  signet.clock.advance(60_000 - (signet.clock.now() % 60_000));
  const references = [];
  for (let round = 0; round < 13; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => exchange(signet, 'x')));
    references.push(...answers.map(referenceIn));
  }
  const stored = await Promise.all(references.map((reference) => explainRefusal(signet.provider, reference)));
  assert.equal(stored.filter(Boolean).length, 600);
});

test('a rule of another version is told by its name', () => {
  const { says, differences } = explain({
    reference: 'X',
    at: 0,
    rule: 'long-gone',
    error: 'x',
    endpoint: 'token',
    client_id: null,
    facts: {},
  });
  assert.match(says, /does not know/);
  assert.deepEqual(differences, []);
});
