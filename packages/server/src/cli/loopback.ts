import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CommandError } from './command-error.ts';

/** Where a browser on this machine brings an answer back to (RFC 8252 §7.3). */
export type Listener = Readonly<{
  redirect_uri: string;
  /** The address of the first request that is ours; never rejected. */
  answer: Promise<URL>;
  close: () => void;
}>;

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Signet</title>
<p>That is all here: go on in the terminal. This window can be closed.</p></html>`;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
};

/**
 * Listens at a loopback address, on any port where it names none; only what carries this `state` is an answer, so that no other program
 * of this machine can give one in its place.
 */
export async function listenForAnswer(registered: string, state: string): Promise<Listener> {
  const wanted = new URL(registered);
  const host = wanted.hostname.replace(/^\[|\]$/g, '');
  const server = createServer();
  await opened(server, host, wanted.port === '' ? 0 : Number(wanted.port));
  const { port } = server.address() as AddressInfo;
  // In the very characters of the registration but for the port.
  const redirect_uri = registered.replace(
    /^(http:\/\/(?:\[[^\]]*\]|[^/:?]*))(?::\d+)?/,
    (_, origin: string) => `${origin}:${port}`,
  );
  const answer = new Promise<URL>((resolve) => {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const tell = (url: URL | undefined): void => {
        const isOurs =
          url?.pathname === new URL(redirect_uri).pathname && url.searchParams.get('state') === state;
        response.writeHead(isOurs ? 200 : 404, HEADERS).end(isOurs ? PAGE : '');
        if (isOurs) resolve(url);
      };
      answerIn(request, redirect_uri).then(tell, () => tell(undefined));
    });
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { redirect_uri, answer, close };
}

/** Characters of a form. */
const MOST = 64 * 1024;

/** The answer in the address, or in the form that the browser brought (OAuth 2.0 Form Post Response Mode §2). */
async function answerIn(request: IncomingMessage, redirect_uri: string): Promise<URL | undefined> {
  const url = new URL(request.url ?? '/', redirect_uri);
  if (request.method === 'GET') return url;
  if (request.method !== 'POST' || Number(request.headers['content-length'] ?? MOST) >= MOST)
    return undefined;
  url.search = new URLSearchParams(await text(request)).toString();
  return url;
}

function opened(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ message }) =>
      reject(
        new CommandError(
          'fault',
          `Nothing can listen on ${host} port ${port} (${message}): end the application that is there for this moment.`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
}
