import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const { ISSUER = 'http://localhost:8080', CLIENT_ID = 'spa', PORT = '3002' } = process.env;

const LIBRARY = new URL('../browser/oidc-client-ts.min.js', import.meta.resolve('oidc-client-ts'));
const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

const here = (name: string) => readFileSync(join(import.meta.dirname, name));

const files = new Map([
  ['/', { type: HTML, content: here('index.html') }],
  ['/callback', { type: HTML, content: here('index.html') }],
  ['/app.mjs', { type: SCRIPT, content: here('app.mjs') }],
  ['/oidc-client-ts.js', { type: SCRIPT, content: readFileSync(LIBRARY) }],
  [
    '/settings.json',
    { type: 'application/json', content: JSON.stringify({ issuer: ISSUER, client_id: CLIENT_ID }) },
  ],
]);

// Nothing here but static files: any web server will do.
const server = createServer((request, response) => {
  const file = files.get(request.url?.split('?')[0] ?? '');
  if (file === undefined) return response.writeHead(404).end('Not found');
  return response
    .writeHead(200, {
      'Content-Type': file.type,
      'Content-Security-Policy': `default-src 'self'; connect-src 'self' ${new URL(ISSUER).origin}`,
      'Referrer-Policy': 'no-referrer',
    })
    .end(file.content);
});

server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : PORT;
  console.log(`http://127.0.0.1:${port} signs people in at ${ISSUER}`);
});
