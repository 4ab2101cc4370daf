import { randomBytes } from 'node:crypto';
import express from 'express';
import openid from 'express-openid-connect';

const {
  ISSUER = 'http://localhost:8080',
  CLIENT_ID = 'express-app',
  CLIENT_SECRET = 'a-secret-for-nothing-but-this-example',
  PORT = '3000',
  BASE_URL = `http://127.0.0.1:${PORT}`,
  // Encrypts the session cookie. Give every instance the same one, or a restart signs people out of the application.
  SESSION_SECRET = randomBytes(32).toString('hex'),
} = process.env;

const app = express();

// Adds /login, /callback and /logout, and request.oidc to every request.
app.use(
  openid.auth({
    issuerBaseURL: ISSUER,
    baseURL: BASE_URL,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    secret: SESSION_SECRET,
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
    idTokenSigningAlg: 'ES256',
    // Each route says for itself whether it needs somebody.
    authRequired: false,
    // /logout ends the session at the issuer as well.
    idpLogout: true,
  }),
);

app.get('/', (request, response) => {
  response.send(
    request.oidc.isAuthenticated()
      ? '<p>You are signed in.</p> <a href="/profile">Profile</a> <a href="/logout">Sign out</a>'
      : '<p>Nobody is signed in.</p> <a href="/login">Sign in</a>',
  );
});

app.get('/profile', openid.requiresAuth(), async (request, response) => {
  response.json(await request.oidc.fetchUserInfo());
});

app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`${BASE_URL} signs people in at ${ISSUER}`);
});
