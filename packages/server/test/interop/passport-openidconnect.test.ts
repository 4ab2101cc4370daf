import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OpenIDConnectStrategy from 'passport-openidconnect';
import { ALICE, listen, SECRET, startSignet } from '../support/signet.ts';
import { browserAgent } from './browser-agent.ts';

/** An Express application with passport, registered at a Signet. */
async function application(t: TestContext) {
  const server = createServer();
  const baseURL = `http://127.0.0.1:${await listen(server)}`;
  const callbackURL = `${baseURL}/oauth2/redirect`;
  const clients = [
    {
      client_id: 'passport-app',
      client_secret: SECRET,
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: [callbackURL],
      consent: 'skip',
      require_pkce: false,
      scope: 'openid profile email',
    },
  ];
  const signet = await startSignet(t, { clients });
  const authenticator = new passport.Passport();
  authenticator.serializeUser((user, done) => done(null, user));
  authenticator.deserializeUser((user, done) => done(null, user));
  authenticator.use(
    new OpenIDConnectStrategy(
      {
        issuer: signet.issuer,
        authorizationURL: signet.url('/authorize'),
        tokenURL: signet.url('/token'),
        userInfoURL: signet.url('/userinfo'),
        clientID: 'passport-app',
        clientSecret: SECRET,
        callbackURL,
        scope: 'profile email',
        skipUserProfile: false,
      },
      (_issuer, profile, done) => done(null, profile),
    ),
  );
  const app = express();
  app.use(session({ secret: 'signs the cookie', resave: false, saveUninitialized: false }));
  app.use(authenticator.session());
  app.get('/login', authenticator.authenticate('openidconnect'));
  app.get(
    '/oauth2/redirect',
    authenticator.authenticate('openidconnect', { successRedirect: '/', failureRedirect: '/failed' }),
  );
  app.get('/', (request, response) => void response.json('user' in request ? request.user : 'nobody'));
  app.get('/failed', (_request, response) => void response.status(403).send('not signed in'));
  server.on('request', app);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseURL, browser: browserAgent() };
}

test('passport-openidconnect signs in with a code and reads the profile', async (t) => {
  const { baseURL, browser } = await application(t);
  const login = await browser.visit(`${baseURL}/login`);
  const home = await browser.submit(login, ALICE);
  assert.equal(home.url.href, `${baseURL}/`);
  const profile = JSON.parse(home.text);
  assert.equal(profile.displayName, 'Alice Example');
  assert.deepEqual(profile.emails, [{ value: 'alice@example.com' }]);
});

test('passport-openidconnect is told when the person does not want to', async (t) => {
  const { baseURL, browser } = await application(t);
  const login = await browser.visit(`${baseURL}/login`);
  const back = await browser.submit(login, { decision: 'deny' });
  assert.equal(back.url.href, `${baseURL}/failed`);
  assert.equal((await browser.visit(baseURL)).text, '"nobody"');
});
