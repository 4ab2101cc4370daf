import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import express, { type ErrorRequestHandler } from 'express';
import { auth, type ConfigParams } from 'express-openid-connect';
import { ALICE, listen, SECRET, type Signet, startSignet } from '../support/signet.ts';
import { type BrowserAgent, browserAgent, type Page } from './browser-agent.ts';

type Application = Readonly<{ baseURL: string; signet: Signet; browser: BrowserAgent }>;

/** An Express application that asks everybody to sign in, registered at a Signet. */
async function application(
  t: TestContext,
  config: ConfigParams,
  registration: Record<string, unknown> = {},
): Promise<Application> {
  const server = createServer();
  const baseURL = `http://127.0.0.1:${await listen(server)}`;
  const signet = await startSignet(t, {
    clients: [
      {
        client_id: 'express-app',
        client_name: 'Express App',
        client_secret: SECRET,
        redirect_uris: [`${baseURL}/callback`],
        post_logout_redirect_uris: [baseURL],
        consent: 'skip',
        require_pkce: false,
        ...registration,
      },
    ],
  });
  const app = express();
  // The library warns of form posts over http.
  t.mock.method(console, 'warn', () => {});
  app.use(
    auth({
      issuerBaseURL: signet.issuer,
      baseURL,
      clientID: 'express-app',
      secret: 'seals the cookie of the application',
      idTokenSigningAlg: 'ES256',
      idpLogout: true,
      ...config,
    }),
  );
  app.get('/', async (request, response) => {
    const person = config.clientSecret === undefined ? request.oidc.user : await request.oidc.fetchUserInfo();
    response.json({ person, renewable: request.oidc.refreshToken !== undefined });
  });
  app.use(tellError);
  server.on('request', app);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseURL, signet, browser: browserAgent() };
}

const tellError: ErrorRequestHandler = ({ status, error, error_description }, _request, response, _next) => {
  response.status(status).json({ error, error_description });
};

const nameAt = (page: Page): unknown => JSON.parse(page.text).person.name;

/** The application asks for nothing but the person's name: the sign-in page, and back. */
async function signIn({ baseURL, signet, browser }: Application): Promise<Page> {
  const login = await browser.visit(baseURL);
  assert.equal(login.url.origin, new URL(signet.issuer).origin);
  assert.match(login.text, /Express App/);
  return browser.submit(login, ALICE);
}

async function signOut({ baseURL, signet, browser }: Application): Promise<void> {
  const seen = await browser.visit(`${baseURL}/logout`);
  assert.equal(
    seen.url.origin,
    new URL(signet.issuer).origin,
    'the application itself asks to sign in again',
  );
  assert.match(seen.text, /name="password"/);
  assert.ok(!browser.cookiesOf('localhost').includes('signet_session'));
}

test('express-openid-connect signs in with a code and a secret, and out again everywhere', async (t) => {
  const app = await application(
    t,
    {
      clientSecret: SECRET,
      authorizationParams: { response_type: 'code', scope: 'openid profile offline_access' },
    },
    { grant_types: ['authorization_code', 'refresh_token'], require_pkce: true },
  );
  const home = await signIn(app);
  assert.equal(home.url.href, `${app.baseURL}/`);
  assert.equal(nameAt(home), 'Alice Example');
  assert.equal(JSON.parse(home.text).renewable, true);
  assert.equal(nameAt(await app.browser.visit(app.baseURL)), 'Alice Example');
  await signOut(app);
});

const IMPLICIT = {
  grant_types: ['authorization_code', 'implicit'],
  response_types: ['code', 'id_token', 'code id_token'],
};

test('express-openid-connect signs in as it does by default, with an ID token by form post', async (t) => {
  const app = await application(t, {}, IMPLICIT);
  const leaving = await signIn(app);
  assert.match(leaving.text, new RegExp(`action="${app.baseURL}/callback"`));
  assert.equal(nameAt(await app.browser.submit(leaving)), 'Alice Example');
  await signOut(app);
});

test('express-openid-connect signs in with code and ID token by form post', async (t) => {
  const authorizationParams = { response_type: 'code id_token' as const, scope: 'openid profile' };
  const app = await application(t, { clientSecret: SECRET, authorizationParams }, IMPLICIT);
  assert.equal(nameAt(await app.browser.submit(await signIn(app))), 'Alice Example');
});

test('express-openid-connect shows no page to somebody who is signed in already', async (t) => {
  const app = await application(t, { authorizationParams: { response_type: 'code' }, clientSecret: SECRET });
  await signIn(app);
  const again = await app.browser.visit(`${app.baseURL}/login`);
  assert.equal(nameAt(again), 'Alice Example');
});

test('express-openid-connect is told when the person does not want to', async (t) => {
  const app = await application(t, { authorizationParams: { response_type: 'code' }, clientSecret: SECRET });
  const login = await app.browser.visit(app.baseURL);
  const back = await app.browser.submit(login, { decision: 'deny' });
  assert.equal(back.url.origin, app.baseURL);
  assert.equal(back.status, 400);
  assert.equal(JSON.parse(back.text).error, 'access_denied');
});
