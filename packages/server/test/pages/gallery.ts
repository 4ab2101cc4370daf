import { chooserPage } from '../../src/web/pages/chooser.ts';
import { consentPage } from '../../src/web/pages/consent.ts';
import { errorPage } from '../../src/web/pages/error.ts';
import { formPostPage } from '../../src/web/pages/form-post.ts';
import type { Frame } from '../../src/web/pages/frame.ts';
import type { Html } from '../../src/web/pages/html.ts';
import { type LoginProps, loginPage } from '../../src/web/pages/login.ts';
import { logoutPage, signedOutPage } from '../../src/web/pages/logout.ts';
import { outOfBandPage } from '../../src/web/pages/out-of-band.ts';
import {
  newPasswordPage,
  passwordChangedPage,
  resetAskPage,
  resetSentPage,
} from '../../src/web/pages/password-reset.ts';
import { setupDonePage, setupPage } from '../../src/web/pages/setup.ts';
import { describeScope } from '../../src/web/pages/texts/describe.ts';
import { whichApplicationPage } from '../../src/web/pages/which-application.ts';
import { HOSTILE, hostile, longNamed, stranger, webApp } from './cast.ts';

/** A page in one state, for whoever renders them all. */
export type Exhibit = Readonly<{ name: string; render: (frame: Frame) => Html }>;

const fields = { interaction: 'k3Jd9', csrf: 'Zm9v' };
const form = { action: '/interaction', fields };
const alice = { username: 'alice', name: 'Alice Example' };
const longAccount = {
  username: 'maximiliane.von-und-zu-hohenstein.abteilung-7@subsidiary.organisation.example',
  name: 'Maximiliane Charlotte Freifrau von und zu Hohenstein-Waldenburg-Schillingsfürst',
};
const reference = '7KQ4-M2XD';

const scopesFor = ({ t }: Frame) =>
  ['openid', 'profile', 'email', 'offline_access'].map((scope) => ({
    scope,
    description: describeScope(t, scope),
    required: scope === 'openid',
  }));

const login = (name: string, changes: Partial<LoginProps>): Exhibit => ({
  name: `login${name}`,
  render: (frame) => loginPage(frame, { ...form, username: '', client: webApp, ...changes }),
});

const logins: readonly Exhibit[] = [
  login('', { cancel: form }),
  login('-no-client', { client: undefined }),
  login('-credentials', { username: 'alice', error: 'credentials', cancel: form }),
  login('-missing', { error: 'missing' }),
  login('-wait', { username: 'alice', error: { waitSeconds: 240 } }),
  login('-reauthenticate', {
    username: 'alice',
    usernameFixed: true,
    notice: 'reauthenticate',
    otherAccount: '/other',
  }),
  login('-expired', { notice: 'expired', client: stranger, cancel: form }),
  login('-password-changed', { username: 'alice', notice: 'password-changed' }),
  login('-long', {
    username: longAccount.username,
    usernameFixed: true,
    client: longNamed,
    cancel: form,
    otherAccount: '/other',
  }),
  login('-hostile', { username: HOSTILE, client: hostile, fields: { [HOSTILE]: HOSTILE }, cancel: form }),
];

const consents: readonly Exhibit[] = [
  {
    name: 'consent',
    render: (frame) =>
      consentPage(frame, {
        ...form,
        client: webApp,
        account: alice,
        scopes: scopesFor(frame),
        offline: true,
        resources: [],
        switchAccount: '/switch',
      }),
  },
  {
    name: 'consent-third-party',
    render: (frame) =>
      consentPage(frame, {
        ...form,
        client: stranger,
        account: { username: 'bob' },
        scopes: [
          ...scopesFor(frame).slice(0, 1),
          { scope: 'calendars.write', description: 'Read and change your calendars', required: false },
          {
            scope: 'profile',
            description: '',
            required: false,
            claims: ['given_name', 'birthdate', 'employee_no'],
          },
        ],
        offline: false,
        resources: ['https://calendar.api.northwind.example/v2', 'urn:northwind:archive'],
        switchAccount: '/switch',
      }),
  },
  {
    name: 'consent-long',
    render: (frame) =>
      consentPage(frame, {
        ...form,
        client: longNamed,
        account: longAccount,
        scopes: [
          ...scopesFor(frame),
          {
            scope: 'x',
            description: `${'Rechtsschutzversicherungsgesellschaften'.repeat(3)} verwalten`,
            required: false,
          },
        ],
        offline: true,
        resources: [`https://api.example/${'deep/'.repeat(30)}`],
        switchAccount: '/switch',
      }),
  },
  {
    name: 'consent-hostile',
    render: (frame) =>
      consentPage(frame, {
        action: `/x${HOSTILE}`,
        fields: { csrf: HOSTILE },
        client: hostile,
        account: { username: HOSTILE, name: HOSTILE },
        scopes: [{ scope: HOSTILE, description: HOSTILE, required: false, claims: [HOSTILE] }],
        offline: false,
        resources: [HOSTILE],
        switchAccount: `/s${HOSTILE}`,
      }),
  },
];

const accounts: readonly Exhibit[] = [
  {
    name: 'chooser',
    render: (frame) =>
      chooserPage(frame, {
        ...form,
        client: webApp,
        accounts: [
          { key: 'a1', ...alice },
          { key: 'b2', username: 'bob' },
        ],
      }),
  },
  {
    name: 'chooser-long',
    render: (frame) =>
      chooserPage(frame, {
        ...form,
        client: longNamed,
        accounts: [
          { key: 'a1', ...longAccount },
          { key: HOSTILE, username: HOSTILE, name: HOSTILE },
        ],
      }),
  },
  { name: 'logout', render: (frame) => logoutPage(frame, { ...form, account: alice }) },
  {
    name: 'logout-client',
    render: (frame) => logoutPage(frame, { ...form, client: webApp, account: alice }),
  },
  {
    name: 'logout-hostile',
    render: (frame) => logoutPage(frame, { ...form, client: hostile, account: longAccount }),
  },
  { name: 'signed-out', render: (frame) => signedOutPage(frame, {}) },
  {
    name: 'signed-out-return',
    render: (frame) =>
      signedOutPage(frame, { client: webApp, returnTo: 'https://app.fieldnotes.example/bye' }),
  },
  {
    name: 'signed-out-hostile',
    render: (frame) => signedOutPage(frame, { client: hostile, returnTo: 'javascript:alert(6)' }),
  },
];

const applications: readonly Exhibit[] = [
  {
    name: 'which-application',
    render: (frame) =>
      whichApplicationPage(frame, {
        account: alice,
        applications: [
          { client_name: 'Fieldnotes', href: 'https://app.fieldnotes.example/' },
          { client_name: longNamed.client_name, href: 'https://long.example/' },
          { client_name: HOSTILE, href: 'https://evil.example/' },
          { client_name: 'Nowhere', href: 'javascript:alert(7)' },
        ],
        signOut: form,
      }),
  },
  { name: 'which-application-none', render: (frame) => whichApplicationPage(frame, { applications: [] }) },
];

const others: readonly Exhibit[] = [
  {
    name: 'error',
    render: (frame) =>
      errorPage(frame, {
        title: 'This sign-in link does not work',
        message:
          'The application that sent you here asked to send you on to an address that is not registered for it.',
        hint: 'Please go back to the application and tell its makers. There is nothing wrong with your account.',
        error: 'invalid_request',
        reference,
      }),
  },
  {
    name: 'error-links',
    render: (frame) =>
      errorPage(frame, {
        title: 'This page has expired',
        message: 'You took a little longer than this page lasts. Nothing is lost.',
        links: [
          { href: '/login', label: 'Start again' },
          { href: 'https://app.fieldnotes.example/', label: 'Go back to Fieldnotes' },
        ],
      }),
  },
  {
    name: 'error-hostile',
    render: (frame) =>
      errorPage(frame, {
        title: HOSTILE,
        message: HOSTILE.repeat(20),
        hint: HOSTILE,
        error: HOSTILE,
        reference: HOSTILE,
        links: [
          { href: 'javascript:alert(8)', label: 'x' },
          { href: `/y${HOSTILE}`, label: HOSTILE },
        ],
      }),
  },
  { name: 'setup', render: (frame) => setupPage(frame, { ...form, minLength: 12 }) },
  {
    name: 'setup-errors',
    render: (frame) =>
      setupPage(frame, {
        ...form,
        username: HOSTILE,
        minLength: 12,
        errors: {
          username: 'That name is taken. Please choose another one.',
          password: 'This password is too short.',
        },
      }),
  },
  {
    name: 'setup-done',
    render: (frame) =>
      setupDonePage(frame, { username: 'alice', links: [{ href: '/console', label: 'Open the console' }] }),
  },
  {
    name: 'out-of-band',
    render: (frame) => outOfBandPage(frame, { code: 'sgac_AAAAAAAKq3n8Xk1TzFQ5b0V2wJ7yL4mC' }),
  },
  {
    name: 'reset-ask',
    render: (frame) => resetAskPage(frame, { ...form, error: 'Please try again later.' }),
  },
  { name: 'reset-sent', render: (frame) => resetSentPage(frame) },
  {
    name: 'new-password',
    render: (frame) =>
      newPasswordPage(frame, {
        ...form,
        username: HOSTILE,
        minLength: 8,
        error: 'This password is too short.',
      }),
  },
  {
    name: 'password-changed',
    render: (frame) => passwordChangedPage(frame, [{ href: '/', label: 'See the applications' }]),
  },
  {
    name: 'form-post',
    render: (frame) =>
      formPostPage(frame, {
        action: 'http://127.0.0.1:9/cb',
        parameters: {
          code: 'SplxlOBeZQQYbYS6WxSbIA',
          state: HOSTILE,
          submit: 'a name that hides form.submit',
        },
      }),
  },
];

/** Every page in every state that looks different. */
export const gallery: readonly Exhibit[] = [...logins, ...consents, ...accounts, ...applications, ...others];
