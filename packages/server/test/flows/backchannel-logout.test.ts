import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { endSessions, setDisabled } from '../../src/admin/users.ts';
import { answerOf, exchange, type Person, personAt, request, userinfo } from '../support/person.ts';
import { listen, REDIRECT, type Signet, startSignet, type TestConfig, WEB_APP } from '../support/signet.ts';
import { seconds, verified } from '../support/tokens.ts';

const PATIENCE = 10_000;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

type Told = Readonly<{ contentType: string | undefined; logout_token: string }>;
type Party = Readonly<{ uri: string; told: Told[]; next: () => Promise<Told> }>;

/** An application's server that hears of logouts, and answers them with these statuses in turn, then with 200. */
async function party(t: TestContext, statuses: number[] = []): Promise<Party> {
  const told: Told[] = [];
  const waiting: ((one: Told) => void)[] = [];
  let read = 0;
  const server = createServer(async (incoming, response) => {
    const form = new URLSearchParams(await text(incoming));
    const contentType = incoming.headers['content-type'];
    told.push({ contentType, logout_token: form.get('logout_token') ?? '' });
    response.statusCode = statuses.shift() ?? 200;
    response.end();
    const one = told[read];
    const take = waiting.shift();
    if (take === undefined || one === undefined) return;
    read += 1;
    take(one);
  });
  const uri = `http://127.0.0.1:${await listen(server)}/backchannel_logout`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const next = (): Promise<Told> =>
    new Promise((done, failed) => {
      AbortSignal.timeout(PATIENCE).addEventListener('abort', () => failed(new Error('Nothing was told.')));
      const one = told[read];
      if (one === undefined) return waiting.push(done);
      read += 1;
      return done(one);
    });
  return { uri, told, next };
}

const start = (t: TestContext, { uri }: Pick<Party, 'uri'>, config: TestConfig = {}): Promise<Signet> =>
  startSignet(t, {
    outbound: { allow_hosts: ['127.0.0.1'] },
    clients: [
      { ...WEB_APP, backchannel_logout_uri: uri },
      { ...WEB_APP, client_id: 'silent' },
    ],
    ...config,
  });

async function signedIn(signet: Signet): Promise<{ person: Person; id_token: string; access_token: string }> {
  const person = personAt(signet);
  const { code = '' } = answerOf(await person.grant(request()));
  const { body } = await exchange(signet, code, { redirect_uri: REDIRECT });
  return { person, id_token: String(body['id_token']), access_token: String(body['access_token']) };
}

const signOut = (signet: Signet, person: Person, id_token: string) =>
  person.visit(`${signet.url('/logout')}?id_token_hint=${id_token}`);

test('an application hears that the session is over, by a signed token that names it (OIDC Back-Channel Logout §2.4, §2.5)', async (t) => {
  const there = await party(t);
  const signet = await start(t, there);
  const { person, id_token } = await signedIn(signet);
  await signOut(signet, person, id_token);
  const { contentType, logout_token } = await there.next();
  assert.equal(contentType, 'application/x-www-form-urlencoded');
  const { payload, protectedHeader } = await verified(signet, logout_token, { audience: 'web-app' });
  const { payload: hint } = await verified(signet, id_token);
  assert.equal(protectedHeader.typ, 'logout+jwt');
  assert.deepEqual(payload['events'], { [EVENT]: {} });
  assert.deepEqual([payload.sub, payload['sid']], [hint.sub, hint['sid']]);
  assert.ok(!('nonce' in payload));
  assert.match(payload.jti ?? '', /\S{16}/);
  assert.ok((payload.exp ?? 0) > seconds(signet) && (payload.exp ?? 0) <= seconds(signet, 125));
});

test('a logout token opens nothing, and is no hint (OIDC Back-Channel Logout §4)', async (t) => {
  const there = await party(t);
  const signet = await start(t, there);
  const { person, id_token } = await signedIn(signet);
  await signOut(signet, person, id_token);
  const { logout_token } = await there.next();
  assert.equal((await userinfo(signet, logout_token)).status, 401);
  assert.equal((await signOut(signet, person, logout_token)).status, 400);
});

test('the end of a session by an administrator, and of a person, is told too', async (t) => {
  const there = await party(t);
  const signet = await start(t, there);
  await signedIn(signet);
  await endSessions(signet.provider, 'alice');
  assert.ok((await there.next()).logout_token);
  await signedIn(signet);
  await setDisabled(signet.provider, 'alice', true);
  assert.ok((await there.next()).logout_token);
});

test('an application hears of a session in which its last token ran out long ago', async (t) => {
  const there = await party(t);
  const signet = await start(t, there);
  const { person, id_token } = await signedIn(signet);
  signet.clock.advance(6 * 3_600_000);
  await signet.app.maintain();
  await signOut(signet, person, id_token);
  assert.ok((await there.next()).logout_token);
});

test('only the session that ended is told of, once', async (t) => {
  const there = await party(t);
  const signet = await start(t, there);
  const first = await signedIn(signet);
  await signedIn(signet);
  await first.person.grant(request({ client_id: 'silent' }));
  await first.person.grant(request());
  await signOut(signet, first.person, first.id_token);
  const { logout_token } = await there.next();
  const { payload } = await verified(signet, logout_token);
  assert.equal(payload['sid'], (await verified(signet, first.id_token)).payload['sid']);
  await signet.app.close();
  assert.equal(there.told.length, 1);
});

test('a server that is at fault for a moment is asked again, one that refuses is not', async (t) => {
  const faulty = await party(t, [503]);
  const signet = await start(t, faulty);
  const first = await signedIn(signet);
  await signOut(signet, first.person, first.id_token);
  const told = [await faulty.next(), await faulty.next()];
  assert.equal(told[0]?.logout_token, told[1]?.logout_token);
  const refusing = await party(t, [400]);
  const other = await start(t, refusing);
  const second = await signedIn(other);
  await signOut(other, second.person, second.id_token);
  await refusing.next();
  await other.app.close();
  assert.equal(refusing.told.length, 1);
});

test('the person is answered without waiting for a server that does not answer', async (t) => {
  const server = createServer(() => undefined);
  const uri = `http://127.0.0.1:${await listen(server)}/`;
  const signet = await start(t, { uri });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { person, id_token } = await signedIn(signet);
  const asked = new Promise((done) => server.once('request', done));
  const seen = await signOut(signet, person, id_token);
  assert.equal(seen.status, 303);
  await asked;
  server.closeAllConnections();
  server.close();
});

test('nothing is sent to an address inside the network unless the operator has opened it', async (t) => {
  const there = await party(t);
  const signet = await start(t, there, { outbound: { allow_hosts: [] } });
  const { person, id_token } = await signedIn(signet);
  assert.equal((await signOut(signet, person, id_token)).status, 303);
  await signet.app.close();
  assert.equal(there.told.length, 0);
});

test('discovery says that logouts are told, with the session (OIDC Back-Channel Logout §2.1)', async (t) => {
  const signet = await startSignet(t);
  const response = await fetch(signet.url('/.well-known/openid-configuration'));
  assert.partialDeepStrictEqual(await response.json(), {
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});
