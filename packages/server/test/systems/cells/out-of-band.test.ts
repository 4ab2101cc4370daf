import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { newProfile } from '../../browser/visitor.ts';
import { launchBrowser, withoutBrowser } from '../../pages/browser.ts';
import { ALICE } from '../../support/signet.ts';
import { asked, authorizeUrl, exchange, grant, startCells, visitorOf } from './cells.ts';

test('either spelling of the out-of-band page shows the code to be pasted in the terminal, with a copy button (row 15)', async (t) => {
  const cells = await startCells(t);
  for (const path of ['/oauth2/oob', '/oauth/oob']) {
    const redirect_uri = cells.site + path;
    const person = visitorOf(cells);
    const { location = '' } = await grant(cells, asked({ redirect_uri }), { person });
    assert.ok(location.startsWith(`${redirect_uri}?code=`));
    const page = await person.visit(location);
    assert.equal(page.status, 200);
    assert.match(page.text, /terminal/i);
    assert.match(page.text, /<button[^>]*data-copy="code"/);
    const [, code = ''] = /<code id="code">([^<]+)<\/code>/.exec(page.text) ?? [];
    assert.equal(code, new URL(location).searchParams.get('code'));
    assert.equal(page.headers.get('cache-control'), 'no-store');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    assert.equal((await exchange(cells, code, { redirect_uri })).status, 200);
  }
});

test('the out-of-band page shows markup as text, tells of an error, and asks for a code that is missing (row 15)', async (t) => {
  const cells = await startCells(t);
  const see = (query: string) => visitorOf(cells).visit(`${cells.site}/oauth2/oob${query}`);
  const hostile = await see(`?code=${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
  assert.doesNotMatch(hostile.text, /<img/);
  const error = await see('?error=access_denied&error_description=%3Cb%3Eno');
  assert.equal(error.status, 403);
  assert.doesNotMatch(error.text, /<b>no/);
  assert.equal((await see('')).status, 400);
  assert.ok((await see('?code=a&code=b')).status < 500);
});

describe('the out-of-band page in a browser', { skip: withoutBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test('a person signs in, copies the code with the button, and the program goes on with what was copied (row 15)', async (t) => {
    const cells = await startCells(t);
    const redirect_uri = `${cells.site}/oauth2/oob`;
    const permissions = { permissions: ['clipboard-read', 'clipboard-write'] };
    const { page } = await newProfile(t, browser, permissions);
    await page.goto(authorizeUrl(cells, asked({ redirect_uri })));
    await page.getByLabel('Username').fill(ALICE.username);
    await page.getByLabel('Password', { exact: true }).fill(ALICE.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${redirect_uri}?**`);
    const shown = await page.locator('#code').innerText();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(copied, shown);
    assert.equal((await exchange(cells, copied, { redirect_uri })).status, 200);
  });
});
