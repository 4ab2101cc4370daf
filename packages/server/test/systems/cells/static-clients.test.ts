import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { basic } from '../../support/person.ts';
import type { TestConfig } from '../../support/signet.ts';
import {
  administratorBySession,
  type Entry,
  FORM,
  redeem,
  OWN_CALLBACK as redirect_uri,
  OWN_REQUEST as wish,
} from './administrator.ts';
import { asked, CURL, codeFor, open, SCOPE, startCells, visitorOf } from './cells.ts';

/** A file as Cells keeps it, with what else stands in it. */
const PYDIO_JSON = JSON.stringify({
  version: '4.4.0',
  services: {
    'pydio.web.oauth': {
      insecureRedirects: ['http://intranet.example.org/cb'],
      accessTokenLifespan: '10m',
      staticClients: [
        {
          client_id: 'cells-frontend',
          client_name: 'CellsFrontend Application',
          revokeRefreshTokenAfterInactivity: '2h',
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: ['#default_bind#/auth/callback'],
          post_logout_redirect_uris: ['#default_bind#/auth/logout'],
          response_types: ['code', 'token', 'id_token'],
          scope: SCOPE,
        },
        {
          client_id: 'own',
          client_secret: 'secret-of-own',
          grant_types: ['authorization_code'],
          redirect_uris: [redirect_uri, 'http://intranet.example.org/cb', 'http://localhost:[4100-4102]/cb'],
          response_types: ['code'],
          scope: SCOPE,
        },
        { client_id: 'broken', redirect_uris: ['javascript:alert(1)'], grant_types: ['authorization_code'] },
      ],
    },
  },
});

test('static clients of a pydio.json are there after the start, in the place of the default ones (row 45)', async (t) => {
  const cells = await startCells(t, {
    clients: [],
    client_file: 'pydio.json',
    files: { 'pydio.json': PYDIO_JSON },
  });
  const clients = await (await administratorBySession(cells)).list();
  assert.deepEqual(clients.map(({ client_id }) => String(client_id)).toSorted(), ['cells-frontend', 'own']);
  const code = await codeFor(cells, wish);
  assert.equal((await redeem(cells, code, {}, basic('own', 'secret-of-own'))).status, 200);
  for (const uri of ['http://intranet.example.org/cb', 'http://localhost:4102/cb'])
    assert.equal((await open(cells, visitorOf(cells), { ...wish, redirect_uri: uri })).status, 200);
  assert.equal((await open(cells, visitorOf(cells), asked())).status, 400, 'cells-client is not in the file');
});

/** A program of the operator's own, as the configuration file has it. */
const OWN = {
  client_id: 'own',
  client_secret: 'secret-of-own',
  redirect_uris: [redirect_uri],
  scope: SCOPE,
};

/** Starts twice over one database: with these clients, then with those. */
async function restartedWith(
  t: { after: (end: () => Promise<void>) => void },
  first: TestConfig,
  second: TestConfig,
): Promise<Entry[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-'));
  t.after(async () => rmSync(folder, { recursive: true }));
  const database = `sqlite:${join(folder, 'signet.db')}`;
  const ends: (() => Promise<void>)[] = [];
  const before = await startCells({ after: (end) => ends.push(end) }, { database, ...first });
  const admin = await administratorBySession(before);
  await admin.put('by-hand', { ...FORM, ClientID: 'by-hand' });
  for (const end of ends) await end();
  return (await administratorBySession(await startCells(t, { database, ...second }))).list();
}

test('at a start, static clients are made what the configuration says, and gone where it has them no more (row 45)', async (t) => {
  const renamed = { ...OWN, client_name: 'Renamed' };
  const other = { ...OWN, client_id: 'other' };
  const clients = await restartedWith(t, { clients: [OWN, CURL] }, { clients: [renamed, other] });
  const named = new Map(clients.map((client) => [client['client_id'], client['client_name']]));
  assert.equal(named.get('own'), 'Renamed');
  assert.ok(named.has('other'));
  assert.equal(named.has('cells-curl'), false);
  for (const stays of ['by-hand', 'cells-sync', 'cells-client']) assert.ok(named.has(stays), stays);
});

test('an entry that has become faulty is told of and loses nothing (row 45)', async (t) => {
  const fileWith = (...uris: string[]) => ({
    clients: [],
    client_file: 'pydio.json',
    files: {
      'pydio.json': JSON.stringify({
        staticClients: ['cells-frontend', 'one', 'two'].map((client_id) => ({
          client_id,
          grant_types: ['authorization_code'],
          redirect_uris: client_id === 'two' ? uris : [redirect_uri],
          response_types: ['code'],
        })),
      }),
    },
  });
  const clients = await restartedWith(t, fileWith(redirect_uri), fileWith('javascript:alert(1)'));
  assert.deepEqual(clients.map(({ client_id }) => String(client_id)).toSorted(), [
    'by-hand',
    'cells-frontend',
    'one',
    'two',
  ]);
});
