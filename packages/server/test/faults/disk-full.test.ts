import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type Answered, exchange, personAt, refresh, userinfo } from '../support/person.ts';
import { codesFor, introspect, OFFLINE } from './driving.ts';
import { serverProcess } from './server-process.ts';
import { smallDisk } from './small-disk.ts';

function assertUnavailable({ status, body, headers }: Answered): void {
  assert.deepEqual([status, body['error']], [503, 'temporarily_unavailable']);
  assert.match(headers.get('retry-after') ?? '', /^[1-9][0-9]*$/);
}

test('on a full disk writes are answered 503, reads go on, and when there is room again so does everything', async (t) => {
  const disk = smallDisk(t);
  if (disk === undefined) {
    t.skip('Neither mount nor prlimit can make a disk that is full: run this as root or on Linux.');
    return;
  }
  t.diagnostic(disk.kind);
  const server = await serverProcess(t, disk.folder);
  await server.start();
  const { signet } = server;
  const person = personAt(signet);
  await person.grant(OFFLINE);
  const codes = await codesFor(person, 60);
  const first = await exchange(signet, codes.pop() ?? '');
  const access_token = String(first.body['access_token']);

  disk.fill(server.pid());
  const refused: string[] = [];
  const honoured: Answered[] = [];
  for (const code of codes) {
    const answer = await exchange(signet, code);
    if (answer.status === 200) {
      honoured.push(answer);
    } else {
      assertUnavailable(answer);
      refused.push(code);
    }
  }
  t.diagnostic(`${honoured.length} exchanges went into room that was left, ${refused.length} were refused`);
  assert.ok(refused.length > 10);
  assertUnavailable(await refresh(signet, String(first.body['refresh_token'])));
  const page = await person.authorize({ ...OFFLINE, prompt: 'none' });
  assert.equal(page.status, 503, 'a redirect would carry a code that is not stored');
  assert.equal(page.location, undefined);
  for (const path of ['/jwks', '/.well-known/openid-configuration']) {
    assert.equal((await fetch(signet.url(path))).status, 200, path);
  }
  assert.equal((await introspect(signet, access_token)).body['active'], true);
  assert.equal((await userinfo(signet, access_token)).status, 200);

  disk.free(server.pid());
  for (const code of refused) {
    const answer = await exchange(signet, code);
    assert.equal(answer.status, 200, 'a code that was answered 503 is not spent');
    honoured.push(answer);
  }
  for (const answer of [first, ...honoured]) {
    assert.equal((await refresh(signet, String(answer.body['refresh_token']))).status, 200);
  }
  await server.kill();
  const database = new DatabaseSync(join(disk.folder, 'signet.db'));
  t.after(() => database.close());
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
});
