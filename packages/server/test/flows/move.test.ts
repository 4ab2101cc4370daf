import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { moveRows } from '../../src/store/move/move.ts';
import { withPostgresSource, withPostgresTarget } from '../../src/store/move/postgres-side.ts';
import { withSqliteSource, withSqliteTarget } from '../../src/store/move/sqlite-side.ts';
import { temporaryFolder } from '../store/temporary.ts';
import {
  answerOf,
  basic,
  claimsOf,
  exchange,
  personAt,
  post,
  refresh,
  request,
  tokensFor,
  userinfo,
} from '../support/person.ts';
import { startPostgres, withoutPostgres } from '../support/postgres.ts';
import { type Restarting, restarting } from '../support/restarting.ts';

type Held = Readonly<{ person: ReturnType<typeof personAt>; access: string; refresh: string; code: string }>;

const quiet = (): void => undefined;
const grantOf = (token: unknown): number =>
  Buffer.from(String(claimsOf(String(token))['jti']), 'base64url').readUIntBE(0, 6);

/** What a person and a client hold when the server stops. */
async function held(signet: Restarting['signet']): Promise<Held> {
  const person = personAt(signet);
  const tokens = await tokensFor(signet, {}, person);
  const { code = '' } = answerOf(await person.authorize(request()));
  return { person, code, access: tokens['access_token'] ?? '', refresh: tokens['refresh_token'] ?? '' };
}

/** All of it is as good as before, and new grants get numbers of their own. */
async function goesOn(signet: Restarting['signet'], { person, access, refresh: token, code }: Held) {
  assert.equal((await userinfo(signet, access)).body['name'], 'Alice Example');
  const renewed = await refresh(signet, token);
  assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
  assert.ok(answerOf(await person.authorize(request({ prompt: 'none' })))['code']);
  const redeemed = await exchange(signet, code);
  assert.equal(redeemed.status, 200, JSON.stringify(redeemed.body));
  assert.equal((await exchange(signet, code)).body['error'], 'invalid_grant', 'a code is good once');
  const fresh = await tokensFor(signet);
  const numbers = [access, redeemed.body['access_token'], fresh['access_token']].map(grantOf);
  assert.equal(new Set(numbers).size, 3, String(numbers));
  assert.ok(Math.max(...numbers) === numbers[2], String(numbers));
  assert.equal((await post(signet.url('/revoke'), { token }, basic())).status, 200);
  assert.equal((await userinfo(signet, String(renewed.body['access_token']))).status, 401);
}

test('moved from SQLite to PostgreSQL and back, sessions, codes and tokens go on', {
  skip: withoutPostgres,
}, async (t) => {
  const cluster = await startPostgres();
  cluster.create('moved');
  const url = cluster.url('moved');
  const folder = temporaryFolder(t);
  const [path, back] = [join(folder, 'signet.db'), join(folder, 'back.db')];
  const { signet, start, stop } = await restarting(t);
  t.after(() => cluster.stop());
  await start(`sqlite:${path}`);
  const first = await held(signet);
  await stop();
  await withSqliteSource(path, (source) =>
    withPostgresTarget(url, (target) => moveRows(source, target, quiet)),
  );
  await start(url);
  await start(url);
  await goesOn(signet, first);
  const second = await held(signet);
  await stop();
  await withPostgresSource(url, (source) =>
    withSqliteTarget({ path: back, draft: `${back}.draft`, now: 0 }, (target) =>
      moveRows(source, target, quiet),
    ),
  );
  await start(`sqlite:${back}`);
  await goesOn(signet, second);
});
