import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { passwordPool } from '../../src/identity/passwords.ts';
import { systemRandom } from '../../src/model/secret.ts';
import { openDoor } from '../../src/web/door.ts';
import { answerOf, basic, personAt, post, request } from '../support/person.ts';
import { ALICE, startSignet } from '../support/signet.ts';

/** The beginning of a request that waits for its body. */
const SLOWLY =
  'POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n' +
  'Content-Length: 5\r\nExpect: 100-continue\r\n\r\n';

/** A door, and turns of an event loop that last as long as the test says. */
function doorInTurns(requests: number) {
  const time = { active: 0, idle: 0 };
  const door = openDoor({ requests, turn: 100 }, () => ({ ...time }));
  /** A turn in which so many come; those let in are answered with the next. */
  const turn = async (coming: number, costEach: number): Promise<number> => {
    let entered = 0;
    for (let one = 0; one < coming; one += 1) if (door.enters()) entered += 1;
    time.active += entered * costEach;
    await nextTurn();
    for (let one = 0; one < entered; one += 1) door.leaves();
    return entered;
  };
  return { door, turn, time };
}

test('no more requests are inside at once than may be, and each that leaves makes room', () => {
  const door = openDoor({ requests: 2, turn: 100 });
  assert.deepEqual([door.enters(), door.enters(), door.enters()], [true, true, false]);
  door.leaves();
  assert.equal(door.enters(), true);
  assert.equal(door.inside(), 2);
  assert.equal(door.turnedAway(), 1);
});

test('while turns are too long fewer are let in, until a turn has the length it should have', async () => {
  const { door, turn } = doorInTurns(1000);
  let entered = 0;
  for (let turns = 0; turns < 40; turns += 1) entered = await turn(5000, 0.25);
  assert.ok(entered * 0.25 < 110, `${entered} requests make a turn of ${entered * 0.25} ms`);
  assert.ok(entered * 0.25 > 70, `${entered} requests are fewer than could be answered`);
  assert.ok(door.room() < 1000);
});

test('when the storm is over everybody finds room again', async () => {
  const { door, turn } = doorInTurns(1000);
  for (let turns = 0; turns < 40; turns += 1) await turn(5000, 0.25);
  for (let turns = 0; turns < 200; turns += 1) await turn(10, 0.25);
  assert.equal(door.room(), 1000);
});

test('a loop that has had rest is not behind, however much it did before', async () => {
  const { door, turn, time } = doorInTurns(1000);
  for (let turns = 0; turns < 10; turns += 1) {
    time.idle += 5;
    await turn(10, 50);
  }
  assert.equal(door.room(), 1000);
});

test('who finds no room is told 503 and when to come again, while probes are answered', async (t) => {
  const signet = await startSignet(t, { overload: { most_in_flight: 1 } });
  signet.app.health.serving();
  const { port } = new URL(signet.issuer);
  const slow = connect(Number(port), '127.0.0.1');
  slow.write(SLOWLY);
  await once(slow, 'data');
  const form = { grant_type: 'client_credentials' };
  const away = await post(signet.url('/token'), form, basic());
  assert.equal(away.status, 503);
  assert.equal(away.body['error'], 'temporarily_unavailable');
  assert.match(away.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  assert.equal((await fetch(signet.url('/readyz'))).status, 200);
  slow.end('a=b&c');
  await once(slow, 'data');
  assert.equal((await post(signet.url('/token'), form, basic())).status, 200, 'the door is not left shut');
});

test('somebody who goes away in the middle of a request leaves room for others', async (t) => {
  const signet = await startSignet(t, { overload: { most_in_flight: 1 } });
  const slow = connect(Number(new URL(signet.issuer).port), '127.0.0.1');
  slow.write(SLOWLY);
  await once(slow, 'data');
  slow.destroy();
  const form = { grant_type: 'client_credentials' };
  let status = 503;
  for (let tries = 0; tries < 100 && status === 503; tries += 1) {
    status = (await post(signet.url('/token'), form, basic())).status;
  }
  assert.equal(status, 200);
});

test('a storm of password checks is bounded: what is beyond is refused at once and nothing is kept', async () => {
  const pool = passwordPool(1, systemRandom);
  const hashes = Array.from({ length: 200 }, () => pool.hash('a-password-of-somebody'));
  assert.ok(pool.load().waiting + pool.load().working <= 33, JSON.stringify(pool.load()));
  const ended = await Promise.allSettled(hashes);
  const refused = ended.filter((one) => one.status === 'rejected');
  assert.ok(refused.length >= 167);
  assert.deepEqual(pool.load(), { working: 0, waiting: 0 });
});

test('two hundred sign-ins at once are each answered: let in, told to wait, or sent away with Retry-After', async (t) => {
  const signet = await startSignet(t);
  const people = Array.from({ length: 200 }, () => personAt(signet));
  const pages = await Promise.all(people.map((person) => person.authorize(request())));
  const ends = await Promise.all(
    people.map((person, index) => {
      const page = pages[index];
      assert.ok(page);
      return person.submit(page, ALICE);
    }),
  );
  const kinds = new Set(
    ends.map((seen) => {
      if (answerOf(seen)['code'] !== undefined) return 'signed in';
      if (seen.status === 503) return seen.headers.get('retry-after') === null ? 'lost' : 'busy';
      return seen.status;
    }),
  );
  assert.ok(kinds.has('signed in'), 'some are let in');
  assert.deepEqual(
    [...kinds].filter((kind) => kind === 'lost' || kind === 500),
    [],
  );
});
