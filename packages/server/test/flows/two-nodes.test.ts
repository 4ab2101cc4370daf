import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Surroundings } from '../../src/app.ts';
import {
  answerOf,
  basic,
  exchange,
  personAt,
  pkce,
  post,
  refresh,
  request,
  tokensFor,
  userinfo,
} from '../support/person.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { ALICE, type Ending, type Signet, startSignet, WEB_APP } from '../support/signet.ts';

describe('two nodes on one PostgreSQL, each request on the next node', { skip: withoutPostgres }, () => {
  let cluster: Cluster;
  let databases = 0;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());

  const startTwoNodes = (
    t: Ending,
    config: Record<string, unknown> = {},
    over: Partial<Surroundings> = {},
  ): Promise<Signet> => {
    databases += 1;
    cluster.create(`nodes_${databases}`);
    const database = cluster.url(`nodes_${databases}`);
    const master_secret = 'the master secret of both nodes, thirty-two';
    return startSignet(t, { node_count: 2, database, master_secret, ...config }, over);
  };

  test('a person signs in, consents, and the client gets and uses its tokens', async (t) => {
    const signet = await startTwoNodes(t, { clients: [{ ...WEB_APP, consent: 'remember' }] });
    const person = personAt(signet);
    const { code_verifier, challenge } = pkce();
    const seen = await person.grant(request({ scope: 'openid profile email offline_access', ...challenge }));
    const { body } = await exchange(signet, answerOf(seen)['code'] ?? '', { code_verifier });
    assert.equal((await userinfo(signet, String(body['access_token']))).body['name'], 'Alice Example');
    assert.ok((await refresh(signet, String(body['refresh_token']))).body['access_token']);
    assert.ok(
      answerOf(await person.authorize(request({ prompt: 'none' })))['code'],
      'consent is known to both',
    );
  });

  test('of fifty redemptions spread over the nodes one succeeds, and its tokens are revoked on both', async (t) => {
    const signet = await startTwoNodes(t);
    const { code = '' } = answerOf(await personAt(signet).grant(request()));
    const answers = await Promise.all(Array.from({ length: 50 }, () => exchange(signet, code)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    const token = String(won[0]?.body['access_token']);
    assert.deepEqual(
      [(await userinfo(signet, token)).status, (await userinfo(signet, token)).status],
      [401, 401],
    );
  });

  test('of fifty refreshes spread over the nodes all get the same heir', async (t) => {
    const signet = await startTwoNodes(t);
    const { refresh_token = '' } = await tokensFor(signet);
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(signet, refresh_token)));
    const heirs = new Set(answers.map(({ body }) => body['refresh_token']));
    assert.equal(answers.filter(({ status }) => status === 200).length, 50);
    assert.equal(heirs.size, 1);
  });

  test('guesses spread over the nodes are counted together', async (t) => {
    const now = Date.now();
    // On a slow machine the wait would otherwise be over too soon.
    const signet = await startTwoNodes(t, {}, { clock: () => now });
    const person = personAt(signet);
    const page = await person.authorize(request());
    const wrong = { username: 'alice', password: 'not-the-password' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => person.submit(page, wrong)));
    assert.equal(answers.filter(({ status }) => status === 422).length, 5);
    assert.equal((await person.submit(page, ALICE)).status, 429);
  });

  test('a revocation on one node is known to the other at once, and so are keys', async (t) => {
    const signet = await startTwoNodes(t);
    const { access_token = '', refresh_token = '' } = await tokensFor(signet);
    assert.equal((await post(signet.url('/revoke'), { token: refresh_token }, basic())).status, 200);
    assert.equal((await userinfo(signet, access_token)).status, 401);
    assert.equal((await userinfo(signet, access_token)).status, 401);
    const keys = async () => (await (await fetch(signet.url('/jwks'))).json()) as { keys: { kid: string }[] };
    const [one, two] = [await keys(), await keys()];
    assert.deepEqual(one, two);
  });
});
