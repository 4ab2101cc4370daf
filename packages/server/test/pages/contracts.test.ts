import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formPostPage } from '../../src/web/pages/form-post.ts';
import { loginPage } from '../../src/web/pages/login.ts';
import { signedOutPage } from '../../src/web/pages/logout.ts';
import { frameFor, webApp } from './cast.ts';
import { gallery } from './gallery.ts';

const frame = frameFor('en');

const markup = (name: string, locale = 'en'): string => {
  const exhibit = gallery.find((candidate) => candidate.name === name);
  assert.ok(exhibit, name);
  return String(exhibit.render(frameFor(locale)));
};

/** The opening tags of that element, whole. */
const tags = (page: string, element: string): string[] =>
  page.match(new RegExp(`<${element}\\b[^>]*>`, 'g')) ?? [];

const tagWith = (page: string, element: string, attribute: string): string => {
  const found = tags(page, element).filter((tag) => tag.includes(` ${attribute}`));
  assert.equal(found.length, 1, `one <${element} ${attribute}>`);
  return found[0] ?? '';
};

test('the sign-in form posts the fields username and password, told apart for password managers', () => {
  const page = markup('login');
  const username = tagWith(page, 'input', 'name="username"');
  for (const part of [
    'type="text"',
    'autocomplete="username webauthn"',
    'autocapitalize="none"',
    'spellcheck="false"',
    ' autofocus',
  ])
    assert.ok(username.includes(part), part);
  const password = tagWith(page, 'input', 'name="password"');
  assert.ok(
    password.includes('type="password"') && password.includes('autocomplete="current-password webauthn"'),
  );
  assert.ok(!password.includes('value='));
  assert.ok(page.includes('<form class="form" method="post" action="/interaction">'));
  assert.ok(page.includes('<input type="hidden" name="csrf" value="Zm9v">'));
});

test('setting up asks for a new password, with the username beside it', () => {
  const page = markup('setup');
  assert.ok(tagWith(page, 'input', 'name="password"').includes('autocomplete="new-password"'));
  assert.ok(tagWith(page, 'input', 'name="username"').includes('autocomplete="username"'));
});

test('a fixed username is still posted, and can be left behind', () => {
  const page = markup('login-reauthenticate');
  const username = tagWith(page, 'input', 'name="username"');
  assert.ok(username.includes('value="alice"') && username.includes('readonly'));
  assert.ok(tagWith(page, 'a', 'class="account-other"').includes('href="/other"'));
});

test('a failed sign-in is announced, tied to its fields, and leaves the cursor where the person goes on', () => {
  const page = markup('login-credentials');
  assert.ok(tagWith(page, 'div', 'id="problem"').includes('role="alert"'));
  for (const field of ['username', 'password']) {
    const input = tagWith(page, 'input', `name="${field}"`);
    assert.ok(input.includes('aria-invalid="true"') && input.includes('aria-describedby="problem"'), field);
  }
  assert.ok(tagWith(page, 'input', 'name="password"').includes(' autofocus'));
  assert.ok(tagWith(page, 'input', 'name="username"').includes('value="alice"'));
  assert.ok(page.includes('<title>Error: Sign in · Northwind</title>'));
  assert.ok(tagWith(markup('login-missing'), 'input', 'name="username"').includes(' autofocus'));
});

test('having to wait blames no field and says how long, rounded up', () => {
  const wait = (waitSeconds: number) =>
    String(loginPage(frame, { action: '/', fields: {}, username: 'a', error: { waitSeconds } }));
  assert.ok(wait(0.2).includes('wait 1 second, then'));
  assert.ok(wait(90).includes('wait 90 seconds'));
  assert.ok(wait(91).includes('wait 2 minutes'));
  assert.ok(wait(2 * 3600).includes('wait 2 hours'));
  assert.ok(!wait(5).includes('aria-invalid'));
});

test('an error at set-up stands at its own field and takes the cursor there', () => {
  const page = markup('setup-errors');
  assert.ok(
    tagWith(page, 'input', 'name="password"').includes('aria-describedby="password-hint password-error"'),
  );
  const username = tagWith(page, 'input', 'name="username"');
  assert.ok(username.includes('aria-describedby="username-error"') && username.includes(' autofocus'));
  assert.equal(page.match(/ autofocus/g)?.length, 1);
});

test('consent and sign-out are decided with decision=allow or decision=deny', () => {
  for (const name of ['consent', 'consent-third-party', 'logout', 'logout-client']) {
    const decisions = tags(markup(name, 'de'), 'button').filter((tag) => tag.includes('name="decision"'));
    assert.equal(decisions.length, 2);
    assert.ok(
      decisions.some((tag) => tag.includes('value="allow"')) &&
        decisions.some((tag) => tag.includes('value="deny"')),
    );
    assert.ok(decisions.every((tag) => tag.includes('type="submit"')));
  }
});

test('the chooser posts the key of the account, or other', () => {
  const values = tags(markup('chooser'), 'button').map(
    (tag) => /name="account" value="([^"]*)"/.exec(tag)?.[1],
  );
  assert.deepEqual(values, ['a1', 'b2', 'other']);
});

test('consent says who asks, for what, for how long, and where the answer goes', () => {
  const page = markup('consent-third-party');
  for (const fact of [
    'Calendar Sync',
    'sync.calendars.example',
    'bob',
    'Confirm who you are',
    'Read and change your calendars',
  ])
    assert.ok(page.includes(fact), fact);
  assert.ok(page.includes('given name, date of birth, employee_no'));
  assert.ok(
    page.includes('https://calendar.api.northwind.example/v2') && page.includes('urn:northwind:archive'),
  );
  assert.ok(page.includes('As long as you stay signed in'));
  assert.ok(page.includes('This application is not run by'));
  assert.ok(markup('consent').includes('Until you revoke it'));
  assert.ok(!markup('consent').includes('is not run by'));
});

test('what the application says about itself opens apart, without a way back into our window', () => {
  const links = tags(markup('consent'), 'a').filter((tag) => tag.includes('target="_blank"'));
  assert.equal(links.length, 3);
  assert.ok(links.every((tag) => tag.includes('rel="noopener noreferrer"')));
  assert.ok(links[0]?.includes('href="https://fieldnotes.example/privacy"'));
  assert.ok(!markup('consent-hostile').includes('target="_blank"'));
});

test('an error shows its code and reference, and ways onward', () => {
  const page = markup('error');
  assert.ok(page.includes('<code>invalid_request</code>') && page.includes('7KQ4-M2XD'));
  assert.deepEqual(
    tags(markup('error-links'), 'a').map((tag) => /href="([^"]*)"/.exec(tag)?.[1]),
    ['/login', 'https://app.fieldnotes.example/'],
  );
});

test('signed out, the way back is the registered address or none', () => {
  const back = (returnTo: string) => tags(String(signedOutPage(frame, { client: webApp, returnTo })), 'a');
  assert.ok(back('com.example.app:/bye')[0]?.includes('href="com.example.app:/bye"'));
  assert.deepEqual(back('javascript:alert(1)'), []);
  assert.ok(String(signedOutPage(frame, {})).includes('You can close this window now.'));
});

test('a form post carries every parameter, and never goes to an address that runs as script', () => {
  const page = String(
    formPostPage(frame, {
      action: 'https://rp.example/cb?a=1&b=2',
      parameters: { code: 'c', state: `<"'&` },
    }),
  );
  assert.ok(page.includes('action="https://rp.example/cb?a=1&amp;b=2"'));
  assert.ok(page.includes('name="state" value="&lt;&quot;&#39;&amp;"'));
  assert.ok(page.includes(`<script nonce="${frame.nonce}">HTMLFormElement`));
  assert.throws(() => formPostPage(frame, { action: 'javascript:alert(1)', parameters: {} }), TypeError);
});
