import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposition, openMetrics } from '../../src/app/metrics.ts';
import { managementServer } from '../../src/web/management.ts';
import { basic, personAt, post, request, tokensFor } from '../support/person.ts';
import { ALICE, type Ending, listen, type Signet, startSignet } from '../support/signet.ts';

type Watched = Readonly<{ signet: Signet; values: () => Promise<Map<string, number>> }>;

/** Signet with metrics, and every value by its name and labels. */
async function watched(t: Ending): Promise<Watched> {
  const metrics = openMetrics(() => 0);
  const signet = await startSignet(t, {}, { telemetry: { metrics } });
  const values = async (): Promise<Map<string, number>> => {
    const { text } = await exposition([await metrics.snapshot()]);
    return valuesIn(text);
  };
  return { signet, values };
}

const valuesIn = (text: string): Map<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );

test('requests are measured by the route they took, never by the path that was sent', async (t) => {
  const { signet, values } = await watched(t);
  await fetch(signet.url('/jwks?secret=abc'));
  await fetch(signet.url('/nobody/knows/this'));
  await fetch(signet.url('/token'), { method: 'PROPFIND' });
  const found = await values();
  const count = 'signet_http_request_duration_seconds_count';
  assert.equal(found.get(`${count}{route="/jwks",method="GET",status="2xx"}`), 1);
  assert.equal(found.get(`${count}{route="none",method="GET",status="4xx"}`), 1);
  assert.equal(found.get(`${count}{route="/token",method="other",status="4xx"}`), 1);
  assert.ok(![...found.keys()].some((name) => /nobody|secret|PROPFIND/.test(name)));
});

test('tokens are counted by grant type and outcome, refusals by rule', async (t) => {
  const { signet, values } = await watched(t);
  const { refresh_token = '' } = await tokensFor(signet);
  await post(signet.url('/token'), { grant_type: 'refresh_token', refresh_token }, basic());
  await post(signet.url('/token'), { grant_type: 'client_credentials' }, basic('web-app', 'not-the-secret'));
  await post(signet.url('/token'), { grant_type: 'x'.repeat(50) }, basic());
  const found = await values();
  const tokens = (grant_type: string, outcome: string): number | undefined =>
    found.get(`signet_tokens_total{grant_type="${grant_type}",outcome="${outcome}"}`);
  assert.equal(tokens('authorization_code', 'issued'), 1);
  assert.equal(tokens('refresh_token', 'issued'), 1);
  assert.equal(tokens('client_credentials', 'invalid_client'), 1);
  assert.equal(tokens('other', 'unsupported_grant_type'), 1);
  assert.equal(found.get('signet_refusals_total{rule="client.authentication"}'), 1);
});

test('sign-ins are counted by outcome, and their passwords and writes are timed', async (t) => {
  const { signet, values } = await watched(t);
  const person = personAt(signet);
  const page = await person.authorize(request());
  await person.submit(await person.submit(page, { ...ALICE, password: 'wrong' }), ALICE);
  const found = await values();
  assert.equal(found.get('signet_sign_ins_total{outcome="wrong"}'), 1);
  assert.equal(found.get('signet_sign_ins_total{outcome="signed-in"}'), 1);
  assert.ok((found.get('signet_password_duration_seconds_count') ?? 0) >= 2);
  assert.ok((found.get('signet_database_duration_seconds_count{operation="write"}') ?? 0) > 0);
  assert.equal(found.get('signet_passwords_working'), 0);
  assert.equal(found.get('signet_requests_in_flight'), 0);
});

test('a database that is gone is counted', async (t) => {
  const { signet, values } = await watched(t);
  const { refresh_token = '' } = await tokensFor(signet);
  await signet.app.close();
  const { status } = await post(
    signet.url('/token'),
    { grant_type: 'refresh_token', refresh_token },
    basic(),
  );
  assert.equal(status, 503);
  const found = await values();
  const operations = ['read', 'write'].map((one) => `signet_database_unavailable_total{operation="${one}"}`);
  assert.ok(operations.some((name) => (found.get(name) ?? 0) > 0));
  assert.equal(found.get('signet_tokens_total{grant_type="refresh_token",outcome="fault"}'), 1);
});

test('the process, its memory, processor and event loop are measured, and the version is told', async () => {
  const { contentType, text } = await exposition([await openMetrics(() => 7).snapshot()]);
  assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  const found = valuesIn(text);
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_p99_seconds',
  ])
    assert.ok(found.has(name), name);
  assert.match(text, /^signet_build_info\{version="\d[^"]*",node="v\d[^"]*"\} 1$/m);
  assert.equal(found.get('signet_log_lines_lost_total'), 7);
});

test('the values of several processes are added up', async (t) => {
  const one = await watched(t);
  const metrics = [openMetrics(() => 1), openMetrics(() => 2)];
  const { text } = await exposition(await Promise.all(metrics.map((each) => each.snapshot())));
  assert.equal(valuesIn(text).get('signet_log_lines_lost_total'), 3);
  assert.equal(
    (await fetch(one.signet.url('/metrics'))).status,
    404,
    'metrics are not on the public listener',
  );
});

test('the management listener answers metrics and probes, and nothing else', async (t) => {
  const server = managementServer({
    report: async () => ({ status: 'down', checks: { database: 'down' } }),
    metrics: async () => ({ contentType: 'text/plain', text: 'a 1\n' }),
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = `http://127.0.0.1:${await listen(server)}`;
  const metrics = await fetch(`${at}/metrics`);
  assert.equal(await metrics.text(), 'a 1\n');
  assert.equal((await fetch(`${at}/readyz`)).status, 503);
  assert.equal((await fetch(`${at}/metrics`, { method: 'DELETE' })).status, 405);
  assert.equal((await fetch(`${at}/token`)).status, 404);
});
