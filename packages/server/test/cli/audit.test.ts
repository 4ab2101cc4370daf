import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, signet } from './here.ts';
import { configured, type Given } from './program.ts';

type Event = Readonly<Record<string, unknown>>;

const list = async (given: Given, ...more: string[]): Promise<readonly Event[]> =>
  (await json(['audit', 'list', ...more], given)) as unknown as readonly Event[];
const actions = (events: readonly Event[]) => events.map(({ action }) => action);

test('audit list tells what commands did, the newest first, chosen by action, user, actor and time', async (t) => {
  const given = await configured(t);
  const alice = await json(['user', 'create', 'alice', '--no-password'], given);
  await json(['user', 'create', 'bob', '--no-password'], given);
  const locked = await json(['user', 'lock', 'alice'], given);
  assert.equal(locked['locked'], true);
  const { stdout } = await signet(['user', 'list'], given);
  assert.match(stdout, /^alice .* locked /m);
  assert.equal((await json(['user', 'unlock', 'alice'], given))['locked'], false);
  const all = await list(given);
  assert.deepEqual(actions(all), ['user.unlocked', 'user.locked', 'user.created', 'user.created']);
  assert.ok(all.every(({ actor }) => actor === 'command line'));
  const ofAlice = ['user.unlocked', 'user.locked', 'user.created'];
  assert.deepEqual(actions(await list(given, '--user', 'Alice')), ofAlice);
  assert.deepEqual(actions(await list(given, '--user', String(alice['sub']))), ofAlice);
  assert.deepEqual(await list(given, '--action', 'user.created', '--actor', 'nobody'), []);
  assert.equal((await list(given, '--action', 'user.created', '--actor', 'command line')).length, 2);
  assert.equal((await list(given, '--since', '1h')).length, 4);
  assert.deepEqual(await list(given, '--since', '2100-01-01T00:00:00Z'), []);
  assert.deepEqual(actions(await list(given, '--limit', '1')), ['user.unlocked']);
  const table = await signet(['audit', 'list', '--action', 'user.locked'], given);
  assert.match(table.stdout, /at +action +actor/i);
  assert.match(table.stdout, /user\.locked +command line/);
});

test('audit list refuses a time and a number that are none, and user unlock a name that is nobody’s', async (t) => {
  const given = await configured(t);
  await json(['user', 'create', 'alice', '--no-password'], given);
  for (const [args, code, sentence] of [
    [['audit', 'list', '--since', 'yesterday'], 2, /--since yesterday is no time/],
    [['audit', 'list', '--limit', '0'], 2, /--limit must be a number from 1 to/],
    [['audit', 'list', '--limit', 'x'], 2, /--limit must be a number/],
    [['user', 'unlock', 'carol'], 3, /There is no user carol\./],
    [['user', 'lock', 'carol'], 3, /There is no user carol\./],
  ] as const) {
    const ended = await signet(args, given);
    assert.equal(ended.code, code);
    assert.match(ended.stderr, sentence);
  }
});
