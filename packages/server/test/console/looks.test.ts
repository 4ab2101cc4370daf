import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { look } from '../browser/look.ts';
import { heading, linkOf, newProfile, press } from '../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../pages/browser.ts';
import { SPA, WEB_APP } from '../support/signet.ts';
import { buildConsole, open, operator, PEOPLE } from './operator.ts';

const CONFIG = {
  clients: [
    { ...WEB_APP, redirect_uris: ['https://shop.example.com/callback'], client_name: 'Shop' },
    SPA,
    ...Array.from({ length: 6 }, (_, index) => ({
      ...SPA,
      client_id: `tool-${index}`,
      client_name: `Tool ${index}`,
    })),
  ],
  users: PEOPLE,
  resources: [{ resource: 'https://mcp.example.com/mcp', name: 'Tools' }],
};

/** Each page by its address, with the heading that it is known by. */
const PAGES: readonly (readonly [name: string, path: string, heading: string])[] = [
  ['overview', '/', 'Overview'],
  ['applications', '/applications', 'Applications'],
  ['applications-none', '/applications?q=nothing', 'Applications'],
  ['kinds', '/applications/new', 'Register an application'],
  ['wizard', '/applications/new/website', 'Website with a server'],
  ['wizard-program', '/applications/new/program', 'Cells, oCIS or UserClouds program'],
  ['wizard-mcp', '/applications/new/mcp', 'Client of an MCP server'],
  ['application', '/applications/web-app', 'Shop'],
  ['connect', '/applications/web-app?tab=connect', 'Shop'],
  ['history', '/applications/web-app?tab=history', 'Shop'],
  ['secret', '/applications/web-app?tab=secret', 'Shop'],
  ['refusals', '/refusals', 'Refusals'],
  ['users', '/users', 'Users'],
  ['new-user', '/users/new', 'Create a user'],
  ['sessions', '/sessions', 'Sessions'],
  ['keys', '/keys', 'Keys'],
  ['audit', '/audit', 'Audit'],
  ['settings', '/settings', 'Settings'],
  ['tenants', '/tenants', 'Tenants'],
  ['scopes', '/scopes', 'Scopes'],
  ['scope', '/scopes/profile', 'profile'],
  ['resources', '/resources', 'APIs'],
  [
    'resource',
    `/resources/${encodeURIComponent('https://mcp.example.com/mcp')}`,
    'https://mcp.example.com/mcp',
  ],
  ['transfer', '/applications/transfer', 'Import and export'],
  ['initial-tokens', '/applications/registration', 'Initial access tokens'],
  ['try', '/applications/web-app?tab=try', 'Shop'],
  ['account', '/account', 'Your account'],
  ['nowhere', '/nowhere', 'There is no such page'],
];

describe('the looks of the console', { skip: withoutBrowser, concurrency: 2 }, () => {
  let browser: Browser;
  before(async () => {
    await buildConsole();
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test('every page fits a phone, light and dark, and axe finds nothing', async (t) => {
    const there = await operator(t, browser, { config: CONFIG });
    const { page, signet } = there;
    const { page: stranger } = await newProfile(t, browser);
    await stranger.goto(linkOf(there, { redirect_uri: 'http://shop.example.com/callback/' }));
    for (const [name, path, title] of PAGES) {
      await open(page, signet, path);
      await heading(page, title);
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
      await look(page, `console-${name}`);
    }
  });

  test('a refusal, a question and the search do as well', async (t) => {
    const there = await operator(t, browser, { config: CONFIG });
    const { page, signet } = there;
    const { page: stranger } = await newProfile(t, browser);
    await stranger.goto(linkOf(there, { redirect_uri: 'http://shop.example.com/callback/' }));
    await open(page, signet, '/refusals');
    await page.getByRole('link', { name: /redirect_uri is not registered/ }).click();
    await page.getByText('What to do').waitFor();
    await look(page, 'console-refusal');
    await open(page, signet, '/users');
    await page.getByRole('link', { name: 'alice' }).click();
    await page.getByRole('tab', { name: 'Sessions' }).click();
    await press(page, 'Sign out');
    await page.getByRole('dialog').waitFor();
    await look(page, 'console-dialog');
    await press(page, 'Cancel');
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search for').fill('tool');
    await page.getByRole('option', { name: 'Tool 5' }).waitFor();
    await look(page, 'console-search');
    await open(page, signet, '/applications/spa?tab=try');
    await press(page, 'Try the sign-in');
    await heading(page, 'The sign-in works');
    await page.getByText('Token request', { exact: true }).click();
    await look(page, 'console-tried');
  });
});
