import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import { newSetupSecret } from '../../src/identity/setup.ts';
import { answerOf, personAt, request } from '../support/person.ts';
import { type Signet, startSignet } from '../support/signet.ts';

const ADMIN = { username: 'root', password: 'a-long-enough-one' };

async function setupLink(signet: Signet): Promise<string> {
  const secret = await newSetupSecret(signet.provider);
  assert.ok(secret);
  return `${signet.url('/setup')}?token=${secret}`;
}

test('the set-up link creates the first administrator once, who can then sign in', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const link = await setupLink(signet);
  const page = await person.visit(link);
  assert.equal(page.status, 200);
  const done = await person.submit(page, ADMIN);
  assert.equal(done.status, 200);
  assert.match(answerOf(await person.grant(request(), ADMIN))['code'] ?? '', /^sgac_/);
  const [event] = await listAudit(signet.provider, { action: 'user.created', atMost: 1 });
  assert.deepEqual(event?.facts, { username: 'root', role: 'admin', by: 'set-up link' });
  assert.equal((await person.visit(link)).status, 403, 'the link is spent');
  assert.equal(await newSetupSecret(signet.provider), undefined, 'there is an administrator');
});

test('of twenty posts with one set-up link exactly one creates an administrator', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.visit(await setupLink(signet));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => person.submit(page, { ...ADMIN, username: `root${index}` })),
  );
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('a weak password or a taken name is refused with its reason, and the link stays good', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const page = await person.visit(await setupLink(signet));
  for (const [fields, reason] of [
    [{ ...ADMIN, password: 'short' }, /at least 8/],
    [{ ...ADMIN, password: 'password1' }, /first that anybody/],
    [{ username: 'somebody-long', password: 'somebody-long' }, /username as password/],
    [{ ...ADMIN, username: 'alice' }, /taken/],
    [{ ...ADMIN, username: '   ' }, /choose a username/],
  ] as const) {
    const seen = await person.submit(page, fields);
    assert.equal(seen.status, 422);
    assert.match(seen.text, reason);
  }
  assert.equal((await person.submit(page, ADMIN)).status, 200);
});

test('a made-up, old or replaced set-up link opens nothing', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const first = await setupLink(signet);
  const second = await setupLink(signet);
  assert.equal((await person.visit(first)).status, 403, 'replaced by the second');
  assert.equal((await person.visit(`${signet.url('/setup')}?token=AAAA`)).status, 403);
  assert.equal((await person.visit(signet.url('/setup'))).status, 403);
  signet.clock.advance(25 * 3600_000);
  assert.equal((await person.visit(second)).status, 403, 'older than a day');
});
