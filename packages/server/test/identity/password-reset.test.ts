import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import { findUser, lockUser, setDisabled, setPassword } from '../../src/admin/users.ts';
import {
  beginPasswordReset,
  findPasswordReset,
  finishPasswordReset,
} from '../../src/identity/password-reset.ts';
import type { Mail } from '../../src/model/mail.ts';
import { answerOf, personAt, request } from '../support/person.ts';
import { ALICE, startSignet, USERS } from '../support/signet.ts';

const MINUTE = 60_000;
const NEW = 'looking-glass-house';
const PEOPLE = [
  ...USERS,
  { username: 'carol', password: 'a-carol-for-all', claims: { email: 'shared@example.com' } },
  { username: 'dan', password: 'dan-in-the-lion-pit', claims: { email: 'Shared@example.com' } },
];

/** A provider whose mail arrives here; what it puts off is begun at once and can be waited for. */
async function start(t: TestContext) {
  const mails: Mail[] = [];
  const sendMail = async (mail: Mail): Promise<void> => void mails.push(mail);
  const signet = await startSignet(t, { users: PEOPLE }, { sendMail });
  const { app } = signet;
  const putOff: Promise<void>[] = [];
  const later = (work: () => Promise<void>): void => void putOff.push(work());
  const provider = { ...signet.provider, later };
  let asked = 0;
  const ask = (login: string, network?: string) => {
    asked += 1;
    return beginPasswordReset(provider, {
      login,
      network: network ?? `192.0.2.${asked}`,
      compose: (user, token) => ({ subject: user.username, text: token }),
    });
  };
  /** How many mails there are when everything that was put off is done. */
  const count = async (): Promise<number> => {
    await Promise.all(putOff);
    return mails.length;
  };
  /** The token that comes by mail after asking. */
  const tokenFor = async (login: string): Promise<string> => {
    assert.deepEqual(await ask(login), { kind: 'asked' });
    await count();
    return mails.at(-1)?.text ?? '';
  };
  const finish = async (token: string, password = NEW, login?: string) => {
    const outcome = await finishPasswordReset(provider, app.passwords, { token, password, login });
    return outcome.kind === 'refused' ? outcome.fault : outcome.kind;
  };
  return { ...signet, provider, mails, ask, tokenFor, count, finish };
}

test('who forgot a password gets mail, sets a new one, once, and everything else ends', async (t) => {
  const { provider, tokenFor, finish, mails, ...signet } = await start(t);
  const person = personAt(signet);
  await person.grant(request());
  const token = await tokenFor('alice');
  assert.deepEqual(mails, [{ to: 'alice@example.com', subject: 'alice', text: token }]);
  assert.equal((await findPasswordReset(provider, token))?.username, 'alice');
  assert.equal(await finish(token), 'reset');
  assert.match((await person.authorize(request())).text, /name="password"/, 'the session is over');
  const page = await person.authorize(request());
  assert.equal((await person.submit(page, ALICE)).status, 422);
  assert.match(answerOf(await person.submit(page, { ...ALICE, password: NEW }))['code'] ?? '', /^sgac_/);
  assert.equal(await finish(token, 'another-new-one'), 'spent');
});

test('name and address lead to the account, in any case, and nothing else does', async (t) => {
  const { tokenFor, ask, count } = await start(t);
  for (const login of ['ALICE', ' Alice@Example.COM ']) assert.match(await tokenFor(login), /^sgpr_/);
  const before = await count();
  const strange = [
    'nobody',
    'nobody@example.com',
    '',
    '@',
    'alice@example.com\0',
    'bob',
    'eve',
    'not an address',
  ];
  for (const login of [...strange, 'x'.repeat(5000), "' OR 1=1 --", '%@%', 'shared@example.com'])
    assert.deepEqual(await ask(login), { kind: 'asked' }, 'the same answer');
  assert.equal(await count(), before, 'no address, or one that several have');
});

test('the token is good for twenty minutes, and until the next one is asked for', async (t) => {
  const { provider, tokenFor, finish, clock } = await start(t);
  const first = await tokenFor('alice');
  const second = await tokenFor('alice');
  assert.equal(await finish(first), 'spent');
  clock.advance(20 * MINUTE - 5000);
  assert.notEqual(await findPasswordReset(provider, second), undefined);
  clock.advance(5000);
  assert.equal(await findPasswordReset(provider, second), undefined);
  assert.equal(await finish(second), 'spent');
});

test('of twenty who use one token at once exactly one sets the password', async (t) => {
  const { tokenFor, finish } = await start(t);
  const token = await tokenFor('alice');
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => finish(token, `new-password-number-${index}`)),
  );
  assert.deepEqual(outcomes.toSorted(), ['reset', ...Array(19).fill('spent')]);
});

test('a weak password is refused and leaves the token good; another person’s name does not', async (t) => {
  const { tokenFor, finish } = await start(t);
  const token = await tokenFor('alice');
  assert.equal(await finish(token, 'short'), 'too-short');
  assert.equal(await finish(token, 'password1'), 'common');
  for (const other of ['bob', 'bob@example.com', '', 'nobody'])
    assert.equal(await finish(token, NEW, other), 'spent');
  for (const strange of ['', 'sgpr_', `${token}A`, token.slice(0, -1), token.replace('sgpr_', 'sgpt_')])
    assert.equal(await finish(strange), 'spent');
  assert.equal(await finish(token, NEW, 'Alice@example.com'), 'reset');
});

test('a disabled person gets no mail and sets nothing; a lock outlasts a new password; a password set meanwhile voids the token', async (t) => {
  const { provider, app, tokenFor, finish, ask, count } = await start(t);
  const token = await tokenFor('alice');
  await setDisabled(provider, 'alice', true);
  assert.equal(await finish(token), 'spent');
  await ask('alice');
  assert.equal(await count(), 1);
  await setDisabled(provider, 'alice', false);
  await lockUser(provider, 'alice');
  assert.equal(await finish(token), 'reset');
  assert.notEqual((await findUser(provider, 'alice'))?.locked_at, null);
  const late = await tokenFor('alice');
  await setPassword(provider, app.passwords, { name: 'alice', password: 'set-by-somebody' });
  assert.equal(await finish(late), 'spent');
});

test('an account gets three mails in half an hour however it is named, and a name that is nobody’s waits alike', async (t) => {
  const { ask, count, clock } = await start(t);
  const kinds = async (login: string, times: number) => {
    const asked: string[] = [];
    while (asked.length < times) asked.push((await ask(login)).kind);
    return asked;
  };
  assert.deepEqual(await kinds('alice', 4), ['asked', 'asked', 'asked', 'wait']);
  assert.deepEqual(await kinds('nobody', 4), ['asked', 'asked', 'asked', 'wait']);
  assert.deepEqual(await kinds('alice@example.com', 1), ['asked']);
  assert.equal(await count(), 3, 'the address leads to the same account');
  clock.advance(31 * MINUTE);
  assert.deepEqual(await kinds('alice', 1), ['asked']);
  assert.equal(await count(), 4);
});

test('a network that asks for many people has to wait', async (t) => {
  const { ask } = await start(t);
  const asked = await Promise.all(Array.from({ length: 60 }, (_, n) => ask(`person ${n}`, '198.51.100.1')));
  assert.equal(asked.filter(({ kind }) => kind === 'asked').length, 50);
  assert.equal((await ask('person 99', '198.51.100.2')).kind, 'asked');
});

test('asking and resetting are recorded, without the token', async (t) => {
  const { provider, tokenFor, finish } = await start(t);
  const token = await tokenFor('alice');
  await finish(token);
  const events = await listAudit(provider, { atMost: 2 });
  assert.deepEqual(
    events.map(({ action }) => action),
    ['user.password_reset', 'user.password_reset_asked'],
  );
  assert.doesNotMatch(JSON.stringify(events), /sgpr_/);
});

test('without a mail server the person gets the same answer, and the operator is told what is missing', async (t) => {
  const told: string[] = [];
  const signet = await startSignet(t);
  let done: Promise<void> = Promise.resolve();
  const provider = {
    ...signet.provider,
    warn: (_fault: unknown, sentence: string) => void told.push(sentence),
    later: (work: () => Promise<void>) => {
      done = work();
    },
  };
  const compose = () => assert.fail('there is nobody to write to');
  const asked = await beginPasswordReset(provider, { login: 'alice', network: '192.0.2.1', compose });
  assert.deepEqual(asked, { kind: 'asked' });
  await done;
  assert.deepEqual(told, [
    'Somebody forgot a password, but no mail can be sent: set mail.smtp and mail.from.',
  ]);
});

test('the answer is given before anything that differs between a person and nobody is begun', async (t) => {
  const signet = await startSignet(t);
  const put: (() => Promise<void>)[] = [];
  const used: string[] = [];
  const counted = <Verb extends 'findUserByName' | 'findUsersByEmail' | 'beginAttempt'>(verb: Verb) => ({
    [verb]: (...given: unknown[]) => {
      used.push(verb);
      return Reflect.apply(signet.provider.store[verb], signet.provider.store, given);
    },
  });
  const store = {
    ...signet.provider.store,
    ...counted('findUserByName'),
    ...counted('findUsersByEmail'),
    ...counted('beginAttempt'),
    saveOneTimeSecret: () => assert.fail('nothing is saved before the answer'),
  };
  const provider = { ...signet.provider, store, later: (work: () => Promise<void>) => void put.push(work) };
  const traces: string[] = [];
  for (const login of ['alice', 'nobody', 'alice@example.com', 'nobody@example.com']) {
    used.length = 0;
    await beginPasswordReset(provider, { login, network: '192.0.2.1', compose: () => assert.fail() });
    traces.push(used.join(' '));
  }
  assert.deepEqual(new Set(traces), new Set(['beginAttempt beginAttempt findUserByName findUsersByEmail']));
  assert.equal(put.length, 4);
});
