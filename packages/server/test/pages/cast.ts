import type { Frame } from '../../src/web/pages/frame.ts';
import type { ClientCard } from '../../src/web/pages/party.ts';
import { translator } from '../../src/web/pages/texts/translate.ts';

/** What the pages of a test share. */
export const frameFor = (locale: string, changes: Partial<Frame> = {}): Frame => ({
  t: translator(locale),
  locale,
  dir: 'ltr',
  providerName: 'Northwind',
  stylesheet: '/style.css',
  icon: '/icon.svg',
  script: '/script.js',
  nonce: 'bm9uY2U',
  ...changes,
});

/** The operator's own application, with all it may say about itself. */
export const webApp: ClientCard = {
  client_id: 'web-app',
  client_name: 'Fieldnotes',
  client_uri: 'https://fieldnotes.example/',
  policy_uri: 'https://fieldnotes.example/privacy',
  tos_uri: 'https://fieldnotes.example/terms',
  redirectHost: 'app.fieldnotes.example',
  thirdParty: false,
};

/** Somebody else's application, which says little. */
export const stranger: ClientCard = {
  client_id: '3f2b9c1e',
  client_name: 'Calendar Sync',
  redirectHost: 'sync.calendars.example',
  thirdParty: true,
};

/** Longer than anybody expects. */
export const longNamed: ClientCard = {
  ...stranger,
  client_name:
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft Services International',
  redirectHost: 'a-very-long-subdomain-that-somebody-chose.another-long-label-below-it.organisation.example',
};

/** What people with bad intentions register, each part of it for another trick. */
export const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>' style='x' \${7*7}{{7*7}}{count}<b>`;

/** A registration that attacks each place where it could be shown. */
export const hostile: ClientCard = {
  client_id: HOSTILE,
  client_name: `\u202Emoc.elgoog\u202C ${HOSTILE}`,
  client_uri: 'javascript:alert(3)',
  policy_uri: ' java\nscript:alert(4)',
  tos_uri: 'data:text/html,<script>alert(5)</script>',
  redirectHost: `evil.example${HOSTILE}`,
  thirdParty: true,
};
