import { hash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CLIENT } from '../load/site.ts';

// HTTP alone: the messages of each operation are read and written, the client is authenticated, and nothing is done. The limit takes
// from here what node:http costs. Answers of one turn of the event loop are written together, which is the cheapest way. With a second
// argument each request keeps the processor busy for so many microseconds: what a server that works as long can do about its tails.

const [port = 0, work = 0] = process.argv.slice(2).map(Number);
const base = `http://127.0.0.1:${port}`;

const METADATA = JSON.stringify({
  issuer: base,
  authorization_endpoint: `${base}/authorize`,
  token_endpoint: `${base}/token`,
  introspection_endpoint: `${base}/introspect`,
  userinfo_endpoint: `${base}/userinfo`,
  jwks_uri: `${base}/jwks`,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  claims_supported: ['sub', 'name', 'email'],
});
const KEYS = JSON.stringify({
  keys: [{ kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43), kid: 'k1' }],
});
const PERSON = '{"sub":"b0c1d2e3-0000-4000-8000-000000000001","name":"Alice","email":"alice@example.org"}';
const ACTIVE = JSON.stringify({
  active: true,
  iss: base,
  sub: 'bench',
  aud: 'urn:bench:api',
  client_id: 'bench',
  scope: 'api',
  jti: 'Zk3v9x0sR1KpQm7wq2nY5A',
  iat: 1_700_000_000,
  exp: 1_700_003_600,
  token_type: 'Bearer',
});
const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };
const secret = hash('sha256', CLIENT.client_secret, 'buffer');

function beBusy(): void {
  if (work === 0) return;
  const end = performance.now() + work / 1000;
  while (performance.now() < end);
}

type Write = () => void;
let turn: Write[] = [];
let count = 0;

function writeAtTurnsEnd(write: Write): void {
  if (turn.length === 0) setImmediate(writeAll);
  turn.push(write);
}

function writeAll(): void {
  const writes = turn;
  turn = [];
  for (const write of writes) write();
}

function json(response: ServerResponse, text: string, status = 200): void {
  writeAtTurnsEnd(() => {
    response.writeHead(status, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
}

function isClient(header = ''): boolean {
  const text = Buffer.from(header.slice(6), 'base64').toString('latin1');
  const colon = text.indexOf(':');
  const given = hash('sha256', decodeURIComponent(text.slice(colon + 1)), 'buffer');
  return decodeURIComponent(text.slice(0, colon)) === CLIENT.client_id && timingSafeEqual(given, secret);
}

function tokens(ofPerson: boolean): string {
  const access_token = 'a'.repeat(480);
  const rest = { token_type: 'Bearer', expires_in: 3600 };
  if (!ofPerson) return JSON.stringify({ access_token, ...rest, scope: 'api' });
  count += 1;
  const refresh_token = `${count}.${'r'.repeat(43)}`;
  return JSON.stringify({
    access_token,
    ...rest,
    id_token: 'i'.repeat(480),
    refresh_token,
    scope: 'openid offline_access',
  });
}

function post(request: IncomingMessage, response: ServerResponse, body: string): void {
  const form = new URLSearchParams(body);
  const isKnown = isClient(request.headers.authorization);
  if (!isKnown) json(response, '{"error":"invalid_client"}', 401);
  else if (request.url === '/introspect') json(response, form.has('token') ? ACTIVE : '{"active":false}');
  else json(response, tokens(form.get('grant_type') !== 'client_credentials'));
}

function authorize(response: ServerResponse, url: string): void {
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const location = `${query.get('redirect_uri')}?code=1.${'c'.repeat(43)}&state=${query.get('state')}`;
  writeAtTurnsEnd(() => {
    response.writeHead(303, { location, 'content-length': 0 });
    response.end();
  });
}

createServer((request, response) => {
  const { url = '' } = request;
  beBusy();
  if (request.method === 'GET') {
    if (url.startsWith('/authorize?')) authorize(response, url);
    else json(response, url === '/userinfo' ? PERSON : url === '/jwks' ? KEYS : METADATA);
    return;
  }
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => post(request, response, body));
}).listen(port, '127.0.0.1');
