import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { answerOf, basic, post, request } from '../support/person.ts';
import { PROGRAM } from '../support/program.ts';
import { ALICE, REDIRECT, SECRET, SPA, WEB_APP } from '../support/signet.ts';
import { json, signet } from './here.ts';
import { configured, serving } from './program.ts';

test('apply asks, and where nobody can be asked it wants --yes', async (t) => {
  const given = await configured(t, { clients: [SPA] });
  const { code, stderr } = await signet(['apply'], given);
  assert.equal(code, 5);
  assert.match(stderr, /say --yes/);
  assert.equal((await signet(['client', 'list', '-q'], given)).stdout, '');
});

test('apply beside a running server counts at once, and a new password ends the sessions of its user', async (t) => {
  const given = await configured(t, { clients: [WEB_APP], users: [ALICE] });
  const server = await serving(t, given.issuer, ['serve'], given);
  const person = server.person();
  await person.grant(request({ redirect_uri: REDIRECT }));
  const job = { client_id: 'job', client_secret: SECRET, grant_types: ['client_credentials'] };
  const users = [{ ...ALICE, password: 'another-wonderland' }];
  writeFileSync(
    join(given.cwd, 'signet.yaml'),
    stringify({ issuer: given.issuer, clients: [WEB_APP, job], users }),
  );
  assert.equal((await signet(['apply', '--yes'], given)).code, 0);
  const token = await post(server.url('/token'), { grant_type: 'client_credentials' }, basic('job'));
  assert.equal(token.status, 200);
  assert.equal(answerOf(await person.authorize(request({ prompt: 'none' })))['error'], 'login_required');
  const back = await server.person().grant(request(), { ...ALICE, password: 'another-wonderland' });
  assert.ok(answerOf(back)['code']);
});

test('what apply did is in the audit log', async (t) => {
  const given = await configured(t, { clients: [SPA], users: [ALICE] });
  await signet(['apply', '--yes'], given);
  writeFileSync(join(given.cwd, 'signet.yaml'), stringify({ issuer: given.issuer }));
  await signet(['apply', '--yes', '--prune'], given);
  const events: unknown = await json(['audit', 'list'], given);
  const told = (events as { action: string; actor: string }[]).map(
    ({ action, actor }) => `${action} ${actor}`,
  );
  assert.deepEqual(told.toSorted(), [
    'client.created configuration file',
    'client.deleted configuration file',
    'user.created configuration file',
    'user.deleted configuration file',
  ]);
});

test('of several tenants all are applied, or the one that is named', async (t) => {
  const given = await configured(t);
  const tenants = ['one', 'two'].map((name) => ({
    name,
    issuer: `https://${name}.example`,
    clients: [{ ...SPA, client_id: `of-${name}` }],
  }));
  writeFileSync(join(given.cwd, 'signet.yaml'), stringify({ tenants }));
  assert.equal((await signet(['apply', '--yes', '--tenant', 'two'], given)).code, 0);
  const { code, stdout } = await signet(['plan'], given);
  assert.equal(code, 2);
  assert.match(stdout, /^one {2}https:\/\/one\.example\n\+ client of-one$/m);
  assert.match(stdout, /^two {2}https:\/\/two\.example\nNothing would change\.$/m);
  assert.equal((await signet(['apply', '--yes'], given)).code, 0);
  assert.equal((await signet(['plan'], given)).code, 0);
});

const MANY = 150;

test('an apply that is killed in the middle leaves the old state or the new one', async (t) => {
  const named = (client_name: string) =>
    Array.from({ length: MANY }, (_, index) => ({ ...SPA, client_id: `client-${index}`, client_name }));
  const given = await configured(t, { clients: named('old') });
  assert.equal((await signet(['apply', '--yes'], given)).code, 0);
  writeFileSync(join(given.cwd, 'signet.yaml'), stringify({ issuer: given.issuer, clients: named('new') }));
  for (const wait of [0, 10, 30, 90]) {
    const child = spawn(process.execPath, [PROGRAM, 'apply', '--yes'], { cwd: given.cwd });
    const ended = new Promise((done) => child.on('close', done));
    // The plan is told right before it is done.
    await new Promise((told) => child.stdout.once('data', told));
    await pause(wait);
    child.kill('SIGKILL');
    await ended;
    const clients: unknown = await json(['client', 'list'], given);
    const names = new Set((clients as { client_name: string }[]).map((one) => one.client_name));
    assert.equal(names.size, 1, `${[...names].join(' and ')} after ${wait} ms`);
    if (names.has('new')) break;
  }
  assert.equal((await signet(['apply', '--yes'], given)).code, 0);
  assert.equal((await signet(['plan'], given)).code, 0);
});
