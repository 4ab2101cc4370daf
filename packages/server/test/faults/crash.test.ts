import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../store/temporary.ts';
import { type Answered, exchange, personAt, refresh, userinfo } from '../support/person.ts';
import type { Signet } from '../support/signet.ts';
import { atOnce, codesFor, introspect, OFFLINE, type Outcome, outcomeOf, seeded } from './driving.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

const SEED = 20_261_121;
const AT_ONCE = 16;

/** Sends each token until the server, killed after so many answers, answers no more. Gives what came of those that were sent. */
async function killInTheMiddle(
  server: ServerProcess,
  tokens: readonly string[],
  send: (token: string) => Promise<Answered>,
  answersBeforeTheEnd: number,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  let answers = 0;
  let killed: Promise<void> | undefined;
  await atOnce(AT_ONCE, tokens, async (token) => {
    const outcome = await outcomeOf(send(token));
    outcomes.set(token, outcome);
    answers += 1;
    if (answers === answersBeforeTheEnd) killed = server.kill();
    return outcome === 'unknown' ? 'stop' : undefined;
  });
  await killed;
  return outcomes;
}

/** Whether each token of the answer does what it is for. */
async function assertWorks(signet: Signet, answer: Answered): Promise<void> {
  assert.equal(answer.status, 200);
  const access_token = String(answer.body['access_token']);
  assert.equal((await introspect(signet, access_token)).body['active'], true);
  assert.equal((await userinfo(signet, access_token)).status, 200);
  assert.equal((await refresh(signet, String(answer.body['refresh_token']))).status, 200);
}

async function startSignedIn(t: TestContext) {
  const server = await serverProcess(t, temporaryFolder(t));
  await server.start();
  const person = personAt(server.signet);
  await person.grant(OFFLINE);
  return { server, signet: server.signet, person, random: seeded(SEED) };
}

test('when the server is killed in the middle of 200 exchanges no token is lost and no code is good twice', async (t) => {
  const { server, signet, person, random } = await startSignedIn(t);
  const figures = { acknowledged: 0, unknown: 0, 'of those applied': 0, unsent: 0 };
  for (let round = 0; round < 4; round += 1) {
    const codes = await codesFor(person, 200);
    const answers = 10 + Math.floor(random() * 170);
    const send = (code: string) => exchange(signet, code);
    const outcomes = await killInTheMiddle(server, codes, send, answers);
    await server.start();
    await atOnce(AT_ONCE, codes, async (code) => {
      const outcome = outcomes.get(code);
      if (outcome !== undefined && outcome !== 'unknown') {
        figures.acknowledged += 1;
        return assertWorks(signet, outcome);
      }
      const again = await exchange(signet, code);
      figures[outcome === undefined ? 'unsent' : 'unknown'] += 1;
      if (outcome === 'unknown' && again.status === 400) figures['of those applied'] += 1;
      else await assertWorks(signet, again);
    });
    await atOnce(AT_ONCE, codes, async (code) => {
      assert.equal((await exchange(signet, code)).body['error'], 'invalid_grant', 'a code is good twice');
    });
  }
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(figures)}`);
  assert.ok(figures.acknowledged >= 40 && figures.unknown > 0);
});

test('a refresh whose answer was lost with the server is repeated, and nobody loses a line', async (t) => {
  const { server, signet, person, random } = await startSignedIn(t);
  const figures = { acknowledged: 0, unknown: 0 };
  let tokens: string[] = [];
  await atOnce(AT_ONCE, await codesFor(person, 100), async (code) => {
    tokens.push(String((await exchange(signet, code)).body['refresh_token']));
  });
  for (let round = 0; round < 3; round += 1) {
    const send = (token: string) => refresh(signet, token);
    const outcomes = await killInTheMiddle(server, tokens, send, 5 + Math.floor(random() * 80));
    await server.start();
    const next: string[] = [];
    await atOnce(AT_ONCE, tokens, async (token) => {
      const outcome = outcomes.get(token);
      const isKnown = outcome !== undefined && outcome !== 'unknown';
      if (outcome !== undefined) figures[isKnown ? 'acknowledged' : 'unknown'] += 1;
      const answer = isKnown ? outcome : await refresh(signet, token);
      assert.equal(answer.status, 200);
      assert.equal((await userinfo(signet, String(answer.body['access_token']))).status, 200);
      next.push(String(answer.body['refresh_token']));
    });
    assert.equal(new Set(next).size, tokens.length, 'each line has one heir');
    tokens = next;
  }
  await atOnce(AT_ONCE, tokens, async (token) => assert.equal((await refresh(signet, token)).status, 200));
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(figures)}`);
  assert.ok(figures.unknown > 0);
});
