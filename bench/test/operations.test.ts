import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { after, test } from 'node:test';
import { stringify } from 'yaml';
import { listen, openTestApp } from '../../packages/server/test/support/signet.ts';
import { connectionTo } from '../load/connection.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { type Lane, mint, OPERATIONS, stepOf } from '../load/operations.ts';
import { type Site, siteAt } from '../load/site.ts';
import { freePort } from '../targets/server-process.ts';
import { signetConfiguration } from '../targets/signet.ts';

const endings: (() => unknown)[] = [];
const port = await freePort();
const app = await openTestApp(stringify(signetConfiguration(port, { database: 'sqlite::memory:' })));
const front = app.createServer();
await new Promise<void>((done) => front.listen(port, '127.0.0.1', done));
const site = await siteAt(`http://127.0.0.1:${port}`, { machine: 'urn:bench:api' });
const lanes = await openLanes(site, 1);

after(async () => {
  closeLanes(lanes);
  front.closeAllConnections();
  front.close();
  await app.close();
  for (const end of endings) await end();
});

const theLane = (): Lane => {
  const [lane] = lanes;
  assert.ok(lane);
  return lane;
};

for (const name of OPERATIONS) {
  test(`the generator completes ${name} at Signet`, async () => {
    const lane = theLane();
    const fresh =
      name === 'introspect-once' || name === 'userinfo-once' ? [await mint(name, lane, site)] : [];
    const once = fresh.length > 0;
    const step = stepOf(name, site, fresh);
    assert.equal(await step(lane), true);
    assert.equal(await step(lane), !once, 'a token meant to be seen once was shown again');
  });
}

/** A site whose every endpoint answers the same. */
async function siteThatAnswers(answer: RequestListener): Promise<Site> {
  const server = createServer(answer);
  endings.push(() => server.close());
  const base = `http://127.0.0.1:${await listen(server)}`;
  const moved = (url: URL): URL => new URL(url.pathname, base);
  return {
    ...site,
    base,
    authorization: moved(site.authorization),
    token: moved(site.token),
    introspection: moved(site.introspection),
    userinfo: moved(site.userinfo),
    jwks: moved(site.jwks),
    discovery: moved(site.discovery),
  };
}

test('answers that are not what was asked for fail the operation', async () => {
  const json = (value: unknown, status = 200): RequestListener => {
    return (_, response) => response.writeHead(status, { connection: 'close' }).end(JSON.stringify(value));
  };
  const same = { access_token: 'a', id_token: 'i', refresh_token: theLane().refresh_token };
  const wrong = [
    ['client_credentials', json({ error: 'invalid_client' }, 401), /HTTP 401/],
    ['client_credentials', json({ token_type: 'Bearer' }), /no access_token/],
    ['refresh', json(same), /not rotated/],
    ['refresh', json({ ...same, refresh_token: 'next', id_token: undefined }), /no id_token/],
    ['authorize', json({}), /HTTP 200/],
    ['introspect-hot', json({ active: false }), /not active/],
    ['userinfo-hot', json({}), /no sub/],
    ['discovery', json({}), /no "issuer"/],
  ] as const;
  for (const [name, answer, complaint] of wrong) {
    const there = await siteThatAnswers(answer);
    const lane = { ...theLane(), connection: connectionTo(there.base) };
    await assert.rejects(stepOf(name, there)(lane), complaint, name);
  }
});

test('an authorization that goes back without a code fails', async () => {
  const refused = await siteThatAnswers((_, response) =>
    response
      .writeHead(303, { location: 'http://127.0.0.1:9/cb?error=login_required', connection: 'close' })
      .end(),
  );
  const lane = { ...theLane(), connection: connectionTo(refused.base) };
  await assert.rejects(stepOf('authorize', refused)(lane), /without a code: .*login_required/);
});
