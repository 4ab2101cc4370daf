import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserAgent } from '../../packages/server/test/interop/browser-agent.ts';
import { freePort, serveExample, startForExamples } from '../test/run-example.ts';

test('the Express example signs alice in, shows her profile and signs her out', async (t) => {
  const signet = await startForExamples(t);
  const app = await serveExample(t, 'express-app/server.ts', {
    ISSUER: signet.issuer,
    PORT: await freePort(),
  });
  const browser = browserAgent();
  assert.match((await browser.visit(app)).text, /Nobody is signed in/);
  const login = await browser.visit(`${app}/profile`);
  assert.match(login.text, /to continue to <[^>]*>Express App/);
  const consent = await browser.submit(login, { username: 'alice', password: 'wonderland' });
  const profile = await browser.submit(consent, { decision: 'allow' });
  assert.equal(profile.url.href, `${app}/profile`);
  assert.equal(JSON.parse(profile.text).email, 'alice@example.com');
  assert.match((await browser.visit(app)).text, /You are signed in/);
  const out = await browser.visit(`${app}/logout`);
  assert.match(out.text, /Nobody is signed in/);
  assert.match(
    (await browser.visit(`${app}/profile`)).text,
    /name="password"/,
    'signed out at Signet as well',
  );
});
