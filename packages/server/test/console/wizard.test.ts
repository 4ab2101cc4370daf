import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import * as client from 'openid-client';
import type { Page } from 'playwright-core';
import { press } from '../browser/visitor.ts';
import { withoutBrowser } from '../pages/browser.ts';
import { claimsOf } from '../support/person.ts';
import { open, openConsole, type SharedConsole } from './operator.ts';

const MCP = 'https://mcp.example.com/mcp';
const RESOURCES = [{ resource: MCP, name: 'Tools' }];

/** What a person copies out of the last page of the wizard. */
type Copied = Readonly<{ client_id: string; client_secret: string | undefined }>;

type Begun = SharedConsole & Readonly<{ page: Page }>;

describe('registering an application in the console', { skip: withoutBrowser }, () => {
  let shared: SharedConsole;
  before(async () => {
    shared = await openConsole({ resources: RESOURCES });
  });
  after(() => shared.close());

  const begin = async (t: TestContext, kind: string, name = 'Newcomer'): Promise<Begun> => {
    const page = await shared.visit(t, '/applications/new');
    await page.getByRole('link', { name: kind }).click();
    await page.getByLabel('Name').fill(name);
    return { ...shared, page };
  };

  const register = async (page: Page): Promise<Copied> => {
    await press(page, 'Register');
    await page.getByRole('heading', { name: 'Newcomer is registered' }).waitFor();
    const value = async (label: string): Promise<string | undefined> => {
      const field = page.getByText(label, { exact: true }).locator('xpath=following-sibling::*[1]//code');
      return (await field.count()) === 0 ? undefined : await field.innerText();
    };
    return { client_id: (await value('Client ID')) ?? '', client_secret: await value('Client secret') };
  };

  /** Signs in at the new application with openid-client and the person's browser. */
  async function signIn(
    { page, signet }: Begun,
    { client_id, client_secret }: Copied,
    wish: Readonly<{ redirect_uri: string; resource?: string }>,
  ): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
    const config = await client.discovery(
      new URL(signet.issuer),
      client_id,
      client_secret,
      client_secret === undefined ? client.None() : client.ClientSecretBasic(client_secret),
      { execute: [client.allowInsecureRequests] },
    );
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const address = client.buildAuthorizationUrl(config, {
      ...wish,
      scope: 'openid profile email offline_access',
      state: expectedState,
      prompt: 'consent',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    await page.goto(address.href);
    await press(page, 'Allow');
    await page.waitForURL((url) => url.href.startsWith(wish.redirect_uri));
    return client.authorizationCodeGrant(config, new URL(page.url()), { pkceCodeVerifier, expectedState });
  }

  const redirectOf = async ({ page }: Begun, uri: string): Promise<void> => {
    await page.getByLabel('Redirect URIs', { exact: true }).last().fill(uri);
  };

  test('a website gets a secret, shown once, and signs people in', async (t) => {
    const there = await begin(t, 'Website with a server');
    const { redirect_uri } = there.webApp;
    await redirectOf(there, redirect_uri);
    const copied = await register(there.page);
    assert.match(copied.client_secret ?? '', /^[A-Za-z0-9_-]{43}$/);
    const snippet = await there.page.getByRole('region', { name: 'Express' }).innerText();
    assert.ok(snippet.includes(copied.client_id) && snippet.includes(copied.client_secret ?? 'none'));
    assert.match(snippet, /idTokenSigningAlg: 'ES256'/);
    const tokens = await signIn(there, copied, { redirect_uri });
    assert.equal(tokens.claims()?.aud, copied.client_id);
    assert.ok(tokens.refresh_token !== undefined);
    await open(there.page, there.signet, `/applications/${copied.client_id}?tab=secret`);
    await there.page.getByRole('button', { name: 'Make a new secret' }).waitFor();
    assert.equal((await there.page.content()).includes(copied.client_secret ?? ''), false);
  });

  test('a single-page application has no secret and signs people in with PKCE alone', async (t) => {
    const there = await begin(t, 'Single-page application');
    const { redirect_uri } = there.webApp;
    await redirectOf(there, redirect_uri);
    const copied = await register(there.page);
    assert.equal(copied.client_secret, undefined);
    assert.equal((await signIn(there, copied, { redirect_uri })).claims()?.aud, copied.client_id);
  });

  test('a native program is registered with the loopback address and signs in at any port', async (t) => {
    const there = await begin(t, 'Native program or command line');
    const copied = await register(there.page);
    const redirect_uri = new URL('/callback', there.webApp.redirect_uri).href;
    assert.ok((await signIn(there, copied, { redirect_uri })).refresh_token !== undefined);
  });

  test('a service gets tokens in its own name', async (t) => {
    const there = await begin(t, 'Service without people');
    const { client_id, client_secret } = await register(there.page);
    const execute = [client.allowInsecureRequests];
    const auth = client.ClientSecretBasic(client_secret);
    const config = await client.discovery(new URL(there.signet.issuer), client_id, client_secret, auth, {
      execute,
    });
    const { access_token } = await client.clientCredentialsGrant(config);
    assert.equal(claimsOf(access_token)['sub'], client_id);
  });

  test('the web interface of Cells needs its address alone', async (t) => {
    const there = await begin(t, 'Cells, oCIS or UserClouds program');
    const { origin } = new URL(there.webApp.redirect_uri);
    await there.page.getByLabel('Address of the installation').fill(`${origin}/`);
    const copied = await register(there.page);
    const tokens = await signIn(there, copied, { redirect_uri: `${origin}/auth/callback` });
    assert.equal(tokens.claims()?.aud, copied.client_id);
  });

  test('a client of an MCP server gets tokens for that server', async (t) => {
    const there = await begin(t, 'Client of an MCP server');
    await there.page.getByLabel('MCP server').selectOption(MCP);
    const copied = await register(there.page);
    const redirect_uri = new URL('/callback', there.webApp.redirect_uri).href;
    const { access_token } = await signIn(there, copied, { redirect_uri, resource: MCP });
    assert.ok([claimsOf(access_token)['aud']].flat().includes(MCP));
  });

  test('a redirect URI is judged while it is typed, and nothing is sent with a wrong one', async (t) => {
    const there = await begin(t, 'Website with a server', 'Nowhere');
    await redirectOf(there, 'http://app.example.com/callback');
    await there.page.getByText('over plain http anybody on the way could read the answer').waitFor();
    await press(there.page, 'Register');
    await there.page.getByText('Mend the address that is marked.').waitFor();
    const { provider } = there.signet;
    const names = (await provider.store.listClients(provider.tenant.id)).map(
      ({ metadata }) => metadata.client_name,
    );
    assert.equal(names.includes('Nowhere'), false);
  });
});
