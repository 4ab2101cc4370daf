import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import { listen } from '../support/signet.ts';

const LIBRARY = readFileSync(
  new URL('../browser/oidc-client-ts.min.js', import.meta.resolve('oidc-client-ts')),
);

/** A page of an application that has only a browser: the library, and a `manager` for it, nothing else. */
const page = (settings: object): string => `<!doctype html><title>Application</title>
<script src="/oidc-client-ts.js"></script>
<script>
const manager = new oidc.UserManager(${JSON.stringify(settings)});
if (location.pathname === '/silent') manager.signinSilentCallback();
if (location.pathname === '/popup') manager.signinPopupCallback();
</script>`;

export type SpaSite = Readonly<{ origin: string; use: (settings: object) => void }>;

/**
 * Serves it at localhost, the site Signet is at too: browsers keep cookies from frames of other sites.
 * Ends with the test; `use` sets what the manager is made with from the next page on.
 */
export async function spaSite(t: TestContext): Promise<SpaSite> {
  let html = '';
  const server = createServer((request, response) => {
    const isLibrary = request.url === '/oidc-client-ts.js';
    response.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isLibrary ? LIBRARY : html);
  });
  const origin = `http://localhost:${await listen(server)}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    origin,
    use: (settings) => {
      html = page(settings);
    },
  };
}
