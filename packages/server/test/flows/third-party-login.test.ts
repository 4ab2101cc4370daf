import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personAt } from '../support/person.ts';
import { startSignet, WEB_APP } from '../support/signet.ts';

test('whoever comes without an application is led to where sign-ins begin, which are told the issuer (OIDC Core §4)', async (t) => {
  const clients = [
    { ...WEB_APP, client_name: 'Orders', initiate_login_uri: 'https://orders.example/login?from=home' },
    { ...WEB_APP, client_id: 'with-home-page', client_name: 'Plain', client_uri: 'https://plain.example/' },
    {
      ...WEB_APP,
      client_id: 'off',
      client_name: 'Gone',
      client_uri: 'https://gone.example/',
      disabled: true,
    },
  ];
  const signet = await startSignet(t, { clients });
  const { text } = await personAt(signet).visit(signet.url('/'));
  const links = [...text.matchAll(/href="(https:[^"]+)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  );
  assert.deepEqual(links, [
    `https://orders.example/login?from=home&iss=${encodeURIComponent(signet.issuer)}`,
    'https://plain.example/',
  ]);
});
