import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { request } from '../support/person.ts';
import { listen, openTestApp, USERS, WEB_APP } from '../support/signet.ts';

const folder = join(import.meta.dirname, '../support/tls');
const cert = readFileSync(join(folder, 'cert.pem'));

test('with its own certificate Signet serves https, with cookies that no other host can set (RFC 6265bis §4.1.3)', async (t) => {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((done) => probe.close(done));
  const tls = { cert_file: join(folder, 'cert.pem'), key_file: join(folder, 'key.pem') };
  const issuer = `https://localhost:${port}`;
  const app = await openTestApp(
    stringify({ issuer, tls, database: 'sqlite::memory:', clients: [WEB_APP], users: USERS }),
  );
  const server = app.createServer();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await app.close();
  });
  const seen = await get(`${issuer}/authorize?${new URLSearchParams(request()).toString()}`);
  assert.equal(seen.status, 303);
  assert.match(
    seen.cookies.join('\n'),
    /^__Host-signet_browser=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax/m,
  );
  const page = await get(seen.location);
  assert.match(page.hsts, /max-age=63072000/);
});

type Seen = { status: number; location: string; cookies: readonly string[]; hsts: string };

const get = (url: string): Promise<Seen> =>
  new Promise((done, failed) => {
    httpsRequest(url, { ca: cert, agent: false }, (response) => {
      response.resume();
      const { headers, statusCode = 0 } = response;
      done({
        status: statusCode,
        location: headers.location ?? '',
        cookies: headers['set-cookie'] ?? [],
        hsts: headers['strict-transport-security'] ?? '',
      });
    })
      .on('error', failed)
      .end();
  });
