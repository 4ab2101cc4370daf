import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from 'openid-client';
import { callerWith, SERVICES, serviceToken } from '../api/support.ts';
import { signIn, wholeLife } from '../interop/openid-application.ts';
import { personAt } from '../support/person.ts';
import { REDIRECT, type Signet, startSignet } from '../support/signet.ts';
import { manage, ON, TOKEN_NEEDED } from './registering.ts';

const METADATA = {
  client_name: 'An agent',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
};

const dynamic = (signet: Signet, auth: client.ClientAuth | undefined, initialAccessToken?: string) =>
  client.dynamicClientRegistration(
    new URL(signet.issuer),
    { ...METADATA, ...(auth === undefined ? {} : { token_endpoint_auth_method: 'none' }) },
    auth,
    {
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
      ...(initialAccessToken !== undefined && { initialAccessToken }),
    },
  );

test('openid-client registers itself, confidential and public, signs somebody in, renews and revokes', async (t) => {
  const signet = await startSignet(t, ON);
  for (const auth of [undefined, client.None()]) {
    const config = await dynamic(signet, auth);
    const app = { signet, config, person: personAt(signet) };
    await wholeLife(app, await signIn(app));
    const own = config.clientMetadata();
    assert.equal('client_secret' in own, auth === undefined);
    assert.equal((await manage('DELETE', own)).status, 204);
    await assert.rejects(signIn(app));
  }
});

test('openid-client brings an initial access token, and is refused without one', async (t) => {
  const signet = await startSignet(t, { ...TOKEN_NEEDED, clients: SERVICES });
  await assert.rejects(dynamic(signet, undefined), { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' });
  const call = callerWith(signet, await serviceToken(signet, 'robot'));
  const { body } = await call('POST /initial-access-tokens');
  const config = await dynamic(signet, undefined, String(body['initial_access_token']));
  const app = { signet, config, person: personAt(signet) };
  await wholeLife(app, await signIn(app));
});
