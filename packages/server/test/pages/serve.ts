import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { checkSessionPage } from '../../src/web/pages/check-session.ts';
import { ENHANCEMENTS } from '../../src/web/pages/enhancements.ts';
import { formPostPage } from '../../src/web/pages/form-post.ts';
import { STYLESHEET } from '../../src/web/pages/style.ts';
import { frameFor } from './cast.ts';
import { gallery } from './gallery.ts';

/** Pages under the policy they are made for, and every form that was posted. */
export type PageServer = Readonly<{ origin: string; posted: URLSearchParams[]; close: () => void }>;

const NONCE = 'bm9uY2U';
const POLICY = `default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self' 'nonce-${NONCE}'; base-uri 'none'`;

/** The page that leaves by itself. The one of the gallery stays, since the policy does not know its nonce. */
function leavingPage(origin: string): string {
  const parameters = { code: 'the code', state: `"><b>'&`, submit: 'hides form.submit' };
  return String(formPostPage(frameFor('en', { nonce: NONCE }), { action: `${origin}/cb`, parameters }));
}

function markupFor(url: URL, origin: string): string {
  const name = url.pathname.slice(1);
  if (name === 'leaving') return leavingPage(origin);
  if (name === 'check-session')
    return String(checkSessionPage({ nonce: NONCE, cookieName: 'browser_state' }));
  const dir = url.searchParams.get('dir') === 'rtl' ? 'rtl' : 'ltr';
  const nonce = name === 'form-post' ? 'another' : NONCE;
  const frame = frameFor(url.searchParams.get('locale') ?? 'en', { dir, nonce });
  return String(gallery.find((exhibit) => exhibit.name === name)?.render(frame) ?? '');
}

async function answer(request: IncomingMessage, response: ServerResponse, server: PageServer): Promise<void> {
  const url = new URL(request.url ?? '/', server.origin);
  response.setHeader('content-security-policy', POLICY);
  if (request.method === 'POST') {
    server.posted.push(new URLSearchParams(await text(request)));
    // Nothing to show: the browser stays where it is.
    return void response.writeHead(204).end();
  }
  if (url.pathname === '/style.css') response.setHeader('content-type', 'text/css').end(STYLESHEET);
  else if (url.pathname === '/script.js')
    response.setHeader('content-type', 'text/javascript').end(ENHANCEMENTS);
  else response.setHeader('content-type', 'text/html; charset=utf-8').end(markupFor(url, server.origin));
}

/** Listens on a free port of the loopback. */
export async function listen(http: Server): Promise<Readonly<{ origin: string; close: () => void }>> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const close = () => {
    http.close();
    http.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${address.port}`, close };
}

/** Serves the gallery. */
export async function servePages(): Promise<PageServer> {
  const listening = await listen(createServer((request, response) => void answer(request, response, server)));
  const server: PageServer = { ...listening, posted: [] };
  return server;
}
