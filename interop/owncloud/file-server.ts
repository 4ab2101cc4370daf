import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Certificates } from './certificates.ts';
import type { Ending } from './waiting.ts';

/** As much of a file server as the program looks at before it calls itself connected, with Signet on the same origin. */
export type FileServer = Readonly<{
  origin: string;
  /** Tells where Signet listens. */
  use: (address: string) => void;
  /** True when a request was answered so that many times, in words such as `GET /status.php` or `POST /konnect/v1/token 200`. */
  seen: (what: string, times?: number) => true | undefined;
  count: (what: string) => number;
}>;

const STATUS = {
  installed: true,
  maintenance: false,
  needsDbUpgrade: false,
  version: '10.11.0.0',
  versionstring: '10.11.0',
  edition: 'Community',
  productname: 'Infinite Scale',
};

const CAPABILITIES = {
  version: { major: 10, minor: 11, micro: 0, string: '10.11.0', edition: 'Community' },
  capabilities: {
    core: { pollinterval: 1, 'webdav-root': 'remote.php/webdav', status: STATUS },
    dav: { chunking: '1.0' },
    files: { bigfilechunking: true },
  },
};

const listing = (path: string): string => `<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:response><d:href>${path}</d:href><d:propstat><d:prop>
<d:getlastmodified>Thu, 01 Jan 2026 00:00:00 GMT</d:getlastmodified><d:getetag>"1"</d:getetag><oc:id>1</oc:id>
<d:resourcetype><d:collection/></d:resourcetype><oc:permissions>RDNVCK</oc:permissions><oc:size>0</oc:size>
</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`;

export async function startFileServer({ cert, key }: Certificates, endings: Ending[]): Promise<FileServer> {
  const counts = new Map<string, number>();
  const note = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  let signet = '';
  const server = createServer({ cert, key }, (incoming, response) => {
    const path = (incoming.url ?? '').replace(/[?#].*$/s, '');
    note(`${incoming.method} ${path}`);
    const answering = isForFiles(path)
      ? answer(incoming, response, { path, signet, note })
      : passOn(incoming, response, { signet, note });
    answering.catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const count = (what: string): number => counts.get(what) ?? 0;
  return {
    origin: `https://localhost:${address.port}`,
    use: (where) => {
      signet = where;
    },
    count,
    seen: (what, times = 1) => (count(what) >= times ? true : undefined),
  };
}

const isForFiles = (path: string): boolean => /^\/(status\.php|remote\.php|ocs|index\.php)(\/|$)/.test(path);

type Place = Readonly<{ signet: string; note: (what: string) => void }>;

/** Like the proxy of the system: who is meant by a token is asked at userinfo. */
async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { path, signet, note }: Place & { path: string },
): Promise<void> {
  await text(incoming);
  if (path === '/status.php') return json(response, STATUS);
  const { authorization } = incoming.headers;
  const user = authorization?.startsWith('Bearer ') === true ? await whoIs(signet, authorization) : undefined;
  if (user === undefined) {
    response.writeHead(401, { 'www-authenticate': 'Bearer realm="localhost", charset="UTF-8"' }).end();
    return;
  }
  if (incoming.method === 'PROPFIND') {
    note(`PROPFIND ${user} 207`);
    response.writeHead(207, { 'content-type': 'application/xml; charset=utf-8' }).end(listing(path));
    return;
  }
  const data = path.endsWith('/capabilities') ? CAPABILITIES : { id: user, 'display-name': user };
  const statuscode = path.startsWith('/ocs/v1.php') ? 100 : 200;
  if (path.startsWith('/ocs/'))
    return json(response, { ocs: { meta: { status: 'ok', statuscode, message: 'OK' }, data } });
  response.writeHead(404).end();
}

const json = (response: ServerResponse, value: unknown): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

async function whoIs(signet: string, authorization: string): Promise<string | undefined> {
  const response = await fetch(`${signet}/konnect/v1/userinfo`, { headers: { authorization } });
  if (!response.ok) return undefined;
  const claims: unknown = await response.json();
  const isNamed = typeof claims === 'object' && claims !== null && 'preferred_username' in claims;
  return isNamed ? String(claims.preferred_username) : undefined;
}

/** Everything else is Signet's, which is told nothing that the program did not say. */
async function passOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  { signet, note }: Place,
): Promise<void> {
  const { method = '', url = '', headers } = incoming;
  const outgoing = request(signet + url, { method, headers });
  incoming.pipe(outgoing);
  const [answered] = (await once(outgoing, 'response')) as [IncomingMessage];
  note(`${method} ${url.replace(/[?#].*$/s, '')} ${answered.statusCode}`);
  response.writeHead(answered.statusCode ?? 502, answered.headers);
  answered.pipe(response);
}
