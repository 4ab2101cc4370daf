import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSessionPage } from '../../src/web/pages/check-session.ts';
import { chooserPage } from '../../src/web/pages/chooser.ts';
import { consentPage } from '../../src/web/pages/consent.ts';
import { errorPage } from '../../src/web/pages/error.ts';
import { formPostPage } from '../../src/web/pages/form-post.ts';
import { loginPage } from '../../src/web/pages/login.ts';
import { logoutPage, signedOutPage } from '../../src/web/pages/logout.ts';
import { outOfBandPage } from '../../src/web/pages/out-of-band.ts';
import type { ClientCard } from '../../src/web/pages/party.ts';
import { newPasswordPage, passwordChangedPage, resetAskPage } from '../../src/web/pages/password-reset.ts';
import { setupDonePage, setupPage } from '../../src/web/pages/setup.ts';
import { whichApplicationPage } from '../../src/web/pages/which-application.ts';
import { frameFor, HOSTILE } from './cast.ts';
import { gallery } from './gallery.ts';

const TURNED = '\u202Ereversed\u2066\u200F';

const clientOf = (text: string): ClientCard => ({
  client_id: text,
  client_name: text,
  client_uri: text,
  policy_uri: text,
  tos_uri: text,
  redirectHost: text,
  thirdParty: true,
});

/** Every page, with that text in every place that takes one. */
function pagesOf(text: string): Readonly<Record<string, string>> {
  const form = { action: text, fields: { [text]: text } };
  const [client, account] = [clientOf(text), { username: text, name: text }];
  const frame = frameFor('en', {
    providerName: text,
    stylesheet: text,
    icon: text,
    script: text,
    nonce: text,
    locale: text,
  });
  const link = { href: text, label: text };
  const scope = { scope: text, description: text, required: false, claims: [text] };
  const pages = {
    login: loginPage(frame, { ...form, client, username: text, error: 'credentials', cancel: form }),
    fixed: loginPage(frame, { ...form, client, username: text, usernameFixed: true, otherAccount: text }),
    consent: consentPage(frame, {
      ...form,
      client,
      account,
      scopes: [scope],
      offline: true,
      resources: [text],
      switchAccount: text,
    }),
    chooser: chooserPage(frame, { ...form, client, accounts: [{ ...account, key: text }] }),
    logout: logoutPage(frame, { ...form, client, account }),
    signedOut: signedOutPage(frame, { client, returnTo: `https://rp.example/${text}` }),
    which: whichApplicationPage(frame, {
      account,
      applications: [{ client_name: text, href: text }],
      signOut: form,
    }),
    error: errorPage(frame, {
      title: text,
      message: text,
      error: text,
      reference: text,
      hint: text,
      links: [link],
    }),
    setup: setupPage(frame, { ...form, username: text, errors: { username: text, password: text } }),
    setupDone: setupDonePage(frame, { username: text, links: [link] }),
    outOfBand: outOfBandPage(frame, { code: text }),
    resetAsk: resetAskPage(frame, { ...form, error: text }),
    newPassword: newPasswordPage(frame, { ...form, username: text, minLength: 8, error: text }),
    passwordChanged: passwordChangedPage(frame, [link]),
    formPost: formPostPage(frame, { action: `https://rp.example/cb?${text}`, parameters: { [text]: text } }),
    checkSession: checkSessionPage({ nonce: text, cookieName: text }),
  };
  return Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, String(page)]));
}

/** The elements of a page and the names of their attributes, in order. */
const skeleton = (page: string): string[] =>
  (page.match(/<!?\/?[a-z][a-z0-9]*(?:"[^"]*"|'[^']*'|[^>"'])*>/gi) ?? []).map((tag) =>
    tag.replace(/="[^"]*"/g, '=""'),
  );

test('no text from outside changes the structure of any page', () => {
  const expected = pagesOf('harmless');
  const attacks = [
    HOSTILE,
    `' onfocus=x autofocus y='`,
    '<!--',
    '</script>',
    '</title><svg/onload=x>',
    `${HOSTILE}${'x'.repeat(10_000)}`,
  ];
  for (const attack of attacks)
    for (const [name, page] of Object.entries(pagesOf(attack)))
      assert.deepEqual(skeleton(page), skeleton(expected[name] ?? ''), `${name}: ${attack.slice(0, 40)}`);
});

test('characters that turn the direction of text reach no reader', () => {
  for (const [name, page] of Object.entries(pagesOf(TURNED))) {
    const shown = page.replace(/="[^"]*"/g, '');
    assert.doesNotMatch(shown, /[\u200F\u202A-\u202E\u2066-\u2069]/, name);
  }
});

test('a name of ten thousand characters leaves the page small', () => {
  const frame = frameFor('en');
  const page = consentPage(frame, {
    action: '/',
    fields: {},
    client: clientOf('W'.repeat(10_000)),
    account: { username: 'u'.repeat(10_000), name: 'n'.repeat(10_000) },
    scopes: [{ scope: 's', description: 'd'.repeat(10_000), required: true }],
    offline: false,
    resources: [],
  });
  assert.ok(String(page).length < 8_000, `${String(page).length} characters`);
});

test('a hostile username comes back in its field exactly as typed', () => {
  const page = String(
    loginPage(frameFor('en'), { action: '/', fields: {}, username: `${TURNED}"x`, error: 'credentials' }),
  );
  assert.ok(page.includes(`value="${TURNED}&quot;x"`));
});

for (const { name, render } of gallery) {
  test(`${name}: one heading, one main part, no inline style or handler, every reference leads somewhere`, () => {
    for (const locale of ['en', 'de']) {
      const page = String(render(frameFor(locale)));
      const outline = skeleton(page);
      assert.ok(page.startsWith(`<!doctype html>\n<html lang="${locale}" dir="ltr">`));
      for (const once of ['<h1>', '<main class="">', '<title>'])
        assert.equal(outline.filter((tag) => tag === once).length, 1, once);
      for (const tag of outline) assert.doesNotMatch(tag, / (on[a-z]+|style|srcdoc)=/, tag);
      assert.doesNotMatch(page, /(href|action|src)="\s*(javascript|data|vbscript):/i);
      const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
      assert.equal(new Set(ids).size, ids.length, 'ids are unique');
      const references = Array.from(
        page.matchAll(/ (?:for|aria-describedby|data-copy|data-reveal)="([^"]*)"/g),
        ([, id]) => id,
      );
      for (const id of references.flatMap((list) => list?.split(' '))) assert.ok(ids.includes(id), `#${id}`);
      for (const form of page.match(/<form[^>]*>/g) ?? []) assert.match(form, /method="post"/);
    }
  });
}
