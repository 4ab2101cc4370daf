import { openApp } from '../app.ts';
import { databaseFile } from '../master-secret.ts';
import { systemClock } from '../model/clock.ts';
import { type Random, randomText, sha256, systemRandom } from '../model/secret.ts';
import { endpointUrl, type Tenant } from '../model/tenant.ts';
import { dev as profile } from '../profiles/dev.ts';
import { type DevOptions, devConfig, PEOPLE, REDIRECT, SERVICE, SPA, WEB } from './dev-config.ts';
import { openLog } from './log.ts';
import { runServer } from './run-server.ts';
import { say } from './terminal.ts';

/** `signet dev`: a server with people and clients to try things with, and requests to paste. */
export async function dev(options: DevOptions): Promise<void> {
  const config = devConfig(options);
  const log = openLog(config.log);
  const surroundings = { clock: systemClock, random: systemRandom, log, profiles: { dev: profile } };
  const app = await openApp(config, surroundings);
  await runServer({ app, log }, async () => {
    const place = databaseFile(config.database);
    say(
      place === undefined ? 'Everything is in memory and gone at the end.' : `The data is kept in ${place}.`,
    );
    for (const { tenant } of app.opened()) say(guide(tenant, systemRandom));
  });
}

function guide(tenant: Tenant, random: Random): string {
  const code_verifier = randomText(random, 32);
  const request = new URLSearchParams({
    client_id: SPA.client_id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    state: randomText(random, 8),
    nonce: randomText(random, 8),
    code_challenge: sha256(code_verifier).toString('base64url'),
    code_challenge_method: 'S256',
  });
  const token = endpointUrl(tenant, 'token');
  const exchange = `-d grant_type=authorization_code -d client_id=${SPA.client_id} -d redirect_uri=${REDIRECT}`;
  return `
Issuer     ${tenant.issuer}
Discovery  ${tenant.issuer}/.well-known/openid-configuration

People
${PEOPLE.map(({ username, password, role }) => `  ${username.padEnd(12)} password ${password}${role === 'admin' ? ' (administrator)' : ''}`).join('\n')}

Clients; any http redirect to localhost, 127.0.0.1 or [::1] is good
  ${SPA.client_id.padEnd(12)} public, with PKCE
  ${WEB.client_id.padEnd(12)} client_secret ${WEB.client_secret}
  ${SERVICE.client_id.padEnd(12)} client_secret ${SERVICE.client_secret}

A service gets a token:
  curl -s ${token} -u ${SERVICE.client_id}:${SERVICE.client_secret} -d grant_type=client_credentials

A person signs in; open this in a browser:
  ${endpointUrl(tenant, 'authorization')}?${request.toString()}

It ends at an address with a code. Put it in the place of CODE within a minute:
  curl -s ${token} ${exchange} -d code_verifier=${code_verifier} -d code=CODE

Who was it? Put the access_token in the place of TOKEN:
  curl -s ${endpointUrl(tenant, 'userinfo')} -H 'Authorization: Bearer TOKEN'
`;
}
