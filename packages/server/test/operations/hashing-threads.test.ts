import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { hashBeside } from '../../src/identity/hashing-threads.ts';
import { isOutdated } from '../../src/identity/password-hash.ts';
import { passwordPool } from '../../src/identity/passwords.ts';
import { systemRandom } from '../../src/model/secret.ts';
import { KNOWN } from '../support/passwords.ts';

const onLinux =
  process.platform === 'linux' ? {} : { skip: 'threads have a priority of their own on Linux alone' };

/** How nice each thread of this process is to the others (proc(5): the 19th field, counted behind the name in parentheses). */
const niceness = (): number[] =>
  readdirSync('/proc/self/task').map((task) => {
    const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });

test('a password is hashed and checked beside the event loop, which goes on turning', async () => {
  const pool = passwordPool(1, systemRandom);
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  turn();
  const hash = await pool.hash('a-password-of-somebody');
  assert.deepEqual(
    [await pool.verify('a-password-of-somebody', hash), await pool.verify('another', hash)],
    [true, false],
  );
  isOver = true;
  assert.ok(turns > 100, `${turns} turns`);
});

test('the threads that hash let every other one go first', onLinux, async () => {
  await passwordPool(1, systemRandom).hash('a-password-of-somebody');
  const own = getPriority();
  assert.ok(niceness().includes(Math.min(19, own + 10)));
  assert.ok(niceness().includes(own));
});

test('a hash of an unknown kind fits no password, and the thread is there for the next one', async () => {
  const pool = passwordPool(1, systemRandom);
  assert.equal(await pool.verify('x', '$unknown$'), false);
  assert.match(await pool.hash('x'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('a fault in a thread is told to who asked, and to nobody else', async () => {
  const wrong = { kind: 'hash', password: 'x', salt: new Uint8Array(1) } as const;
  const good = { kind: 'hash', password: 'x', salt: new Uint8Array(16) } as const;
  const [first, second] = await Promise.allSettled([hashBeside(wrong), hashBeside(good)]);
  assert.equal(first.status, 'rejected');
  assert.equal(second.status, 'fulfilled');
});

test('the hashes that tests take from a list are those of their passwords, at the cost of today', async () => {
  const pool = passwordPool(1, systemRandom);
  for (const [password, hash] of Object.entries(KNOWN)) {
    assert.equal(await pool.verify(password, hash), true, password);
    assert.equal(isOutdated(hash), false, password);
  }
});
