import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mail } from '../../../src/model/mail.ts';
import { ALICE, BOB } from '../../support/signet.ts';
import {
  ADMIN,
  asked,
  bearer,
  type Cells,
  call,
  open,
  startCells,
  type Told,
  tokensFor,
  visitorOf,
} from './cells.ts';

const SESSION = '/a/frontend/session';
const NEW_PASSWORD = 'another-password-of-mine';

const signIn = (cells: Cells, password: string, login = 'alice'): Promise<Told> =>
  call(cells, ['POST', SESSION], { AuthInfo: { type: 'credentials', login, password } });

/** Starts a server whose mail comes here. */
async function withMail(t: { after: (end: () => Promise<void>) => void }) {
  const mails: Mail[] = [];
  let heard: (() => void) | undefined;
  const cells = await startCells(
    t,
    {},
    {
      sendMail: async (mail) => {
        mails.push(mail);
        heard?.();
      },
    },
  );
  const ask = (login: string): Promise<Told> =>
    call(cells, ['PUT', `/a/auth/reset-password-token/${encodeURIComponent(login)}`]);
  /** The token in the next message, which is sent after the answer. */
  const tokenFor = async (login: string): Promise<string> => {
    const arrives = new Promise<void>((done) => {
      heard = done;
    });
    assert.equal((await ask(login)).status, 200);
    await arrives;
    const [, token = ''] = /\/user\/reset-password\/(\S+)/.exec(mails.at(-1)?.text ?? '') ?? [];
    return token;
  };
  const reset = (token: string, login = 'alice', password = NEW_PASSWORD): Promise<Told> =>
    call(cells, ['POST', '/a/auth/reset-password'], {
      ResetPasswordToken: token,
      UserLogin: login,
      NewPassword: password,
    });
  return { cells, mails, ask, tokenFor, reset };
}

test('a forgotten password is reset once with what the message brought, by login or address (row 39)', async (t) => {
  const { cells, mails, tokenFor, reset } = await withMail(t);
  const { access_token } = await tokensFor(cells);
  const token = await tokenFor('alice@example.com');
  assert.equal(mails[0]?.to, 'alice@example.com');
  assert.ok(mails[0]?.text.includes(`${cells.site}/user/reset-password/`));
  assert.equal((await reset(token, 'bob')).status, 400);
  const done = await reset(token, 'alice@example.com');
  assert.equal(done.status, 200);
  assert.equal(done.body['Success'], true);
  assert.equal((await signIn(cells, ALICE.password)).status, 401);
  assert.equal((await signIn(cells, NEW_PASSWORD)).status, 200);
  // What was given with the old password is over.
  assert.equal(
    (await call(cells, ['GET', '/a/frontend/state'], undefined, bearer(access_token))).status,
    401,
  );
  assert.equal((await reset(token, 'alice', 'yet-another-password')).status, 400);
});

test('the token of a message is good for 20 minutes (row 39)', async (t) => {
  const { cells, tokenFor, reset } = await withMail(t);
  const late = await tokenFor('alice');
  cells.clock.advance(20 * 60_000 + 1000);
  assert.equal((await reset(late)).status, 400);
  cells.clock.advance(60 * 60_000);
  const prompt = await tokenFor('alice');
  cells.clock.advance(19 * 60_000);
  assert.equal((await reset(prompt)).status, 200);
});

test('of several attempts at once with one token, one succeeds (row 39)', async (t) => {
  const { tokenFor, reset } = await withMail(t);
  const token = await tokenFor('alice');
  const all = await Promise.all(
    [1, 2, 3].map((number) => reset(token, 'alice', `password-number-${number}`)),
  );
  assert.deepEqual(
    all.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 400, 400],
  );
});

test('a name that is nobody’s gets the same answer, and nobody a message (row 39)', async (t) => {
  const { mails, ask, tokenFor } = await withMail(t);
  const known = await ask('bob');
  const unknown = await ask('nobody');
  const strange = await ask('nobody@example.com');
  for (const { status, body } of [known, unknown, strange]) {
    assert.equal(status, 200);
    assert.deepEqual(body, known.body);
  }
  await tokenFor('alice');
  // Bob has no address, so that his message could go nowhere.
  assert.deepEqual(
    mails.map(({ to }) => to),
    ['alice@example.com'],
  );
});

test('a weak new password is refused and the token stays good; a spoilt one says nothing (row 39)', async (t) => {
  const { tokenFor, reset } = await withMail(t);
  const token = await tokenFor('alice');
  assert.match(String((await reset(token, 'alice', 'short')).body['Detail']), /too short/);
  assert.equal((await reset(`${token}x`)).status, 400);
  assert.equal((await reset('')).status, 400);
  assert.equal((await reset(token)).status, 200);
});

test('ten wrong passwords in a row lock the account, whatever comes afterwards, until an administrator unlocks it (row 40)', async (t) => {
  const cells = await startCells(t);
  for (let guess = 1; guess <= 9; guess += 1)
    assert.equal((await signIn(cells, `guess ${guess}`)).status, 401);
  assert.equal((await signIn(cells, ALICE.password)).status, 200, 'a success begins the count anew');
  for (let guess = 1; guess <= 10; guess += 1)
    assert.equal((await signIn(cells, `guess ${guess}`)).status, 401);
  assert.equal((await signIn(cells, ALICE.password)).status, 401);
  cells.clock.advance(30 * 24 * 3_600_000);
  assert.equal((await signIn(cells, ALICE.password)).status, 401, 'time alone unlocks nothing');
});

test('a locked user shows the lock to administrators, who take it away, and it is all on record (row 40)', async (t) => {
  const cells = await startCells(t);
  const { access_token: admin } = await tokensFor(cells, asked(), { account: ADMIN });
  const { access_token } = await tokensFor(cells);
  const state = () => call(cells, ['GET', '/a/frontend/state'], undefined, bearer(access_token));
  assert.equal((await state()).status, 200);
  for (let guess = 1; guess <= 10; guess += 1) await signIn(cells, `guess ${guess}`);
  assert.equal((await state()).status, 401, 'a token of a locked user is refused too');
  // Other people are not touched by it.
  assert.equal((await signIn(cells, BOB.password, 'bob')).status, 200);
  const locked = await call(cells, ['GET', '/a/user/alice'], undefined, bearer(admin));
  const attributes = locked.body['Attributes'] as Record<string, string>;
  assert.equal(attributes['locks'], '["logout"]');
  const { locks: _locks, ...unlocked } = attributes;
  const put = await call(
    cells,
    ['PUT', '/a/user/alice'],
    { ...locked.body, Attributes: unlocked },
    bearer(admin),
  );
  assert.equal(put.status, 200);
  assert.equal('locks' in (put.body['Attributes'] as object), false);
  assert.equal((await signIn(cells, ALICE.password)).status, 200);
  const events = await cells.provider.store.listEvents(cells.provider.tenant.id, { atMost: 100 });
  const actions = events.map(({ action }) => action);
  for (const action of ['user.locked', 'user.unlocked']) assert.ok(actions.includes(action), action);
});

test('the login page counts for the same lock as the session does (row 40)', async (t) => {
  const cells = await startCells(t);
  for (let guess = 1; guess <= 9; guess += 1) await signIn(cells, `guess ${guess}`);
  const person = visitorOf(cells);
  const page = await open(cells, person, asked());
  await person.submit(page, { username: 'alice', password: 'the tenth' });
  assert.equal((await signIn(cells, ALICE.password)).status, 401);
  const again = await person.submit(page, ALICE);
  assert.equal(again.location, undefined);
});

test('of many wrong passwords at once no more than ten are looked at (row 40)', async (t) => {
  const cells = await startCells(t);
  const all = await Promise.all(Array.from({ length: 20 }, (_, guess) => signIn(cells, `guess ${guess}`)));
  assert.deepEqual([...new Set(all.map(({ status }) => status))], [401]);
  assert.equal((await signIn(cells, ALICE.password)).status, 401);
});

test('the page behind the link of the message takes the new password, once (row 39)', async (t) => {
  const { cells, mails, tokenFor } = await withMail(t);
  await tokenFor('alice');
  const [link = ''] = /http:\S+/.exec(mails[0]?.text ?? '') ?? [];
  const person = visitorOf(cells);
  const page = await person.visit(link);
  assert.equal(page.status, 200);
  assert.match(page.text, /alice/);
  assert.equal((await person.submit(page, { password: 'short' })).status, 422);
  const foreign = await person.visit(link, {
    method: 'POST',
    body: new URLSearchParams({ password: NEW_PASSWORD }),
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  assert.equal(foreign.status, 403);
  assert.equal((await person.submit(page, { password: NEW_PASSWORD })).status, 200);
  assert.equal((await signIn(cells, NEW_PASSWORD)).status, 200);
  assert.equal((await person.visit(link)).status, 400);
  assert.equal((await person.submit(page, { password: 'yet-another-password' })).status, 400);
});

test('who forgot the password asks for the message on a page that tells nothing of anybody (row 39)', async (t) => {
  const { cells } = await withMail(t);
  const person = visitorOf(cells);
  const page = await person.visit(`${cells.site}/user/reset-password`);
  const known = await person.submit(page, { username: 'alice' });
  const unknown = await person.submit(page, { username: 'nobody' });
  assert.equal(known.status, 200);
  const plain = ({ text }: { text: string }) => text.replaceAll(/nonce="[^"]*"/g, '');
  assert.equal(plain(unknown), plain(known));
  const hostile = await person.submit(page, { username: '<script>alert(1)</script>' });
  assert.doesNotMatch(hostile.text, /<script>alert/);
});
