import { ask } from '../api/http.ts';
import { clientPath } from '../api/queries.ts';
import type { Client, ClientDraft, Page } from '../api/types.ts';
import { site } from '../site.ts';

/** Where a trial comes back to. */
export const TRIAL_REDIRECT = `${site.site}/console/try`;

const PREFIX = 'signet-try-';

/** Applications that are there for a trial alone. */
export const isTrial = (clientId: string): boolean => clientId.startsWith(PREFIX);

/** What of a registration says what its tokens hold and how a sign-in goes; all else would be another application's. */
const COPIED = [
  'access_token_format',
  'access_token_lifetime',
  'allowed_users',
  'consent',
  'default_acr_values',
  'default_max_age',
  'id_token_signed_response_alg',
  'organization_id',
  'policy_uri',
  'refresh_token_lifetime',
  'refresh_token_rotation',
  'require_auth_time',
  'resources',
  'tos_uri',
  'userinfo_signed_response_alg',
] as const satisfies readonly (keyof Client & keyof ClientDraft)[];

/** Scopes of the administration stay out: the tokens of a trial are there to be looked at. */
const trialScope = (scope: string): string =>
  scope
    .split(' ')
    .filter((one) => !one.startsWith('signet:'))
    .join(' ');

/**
 * Registers the trial of an application: a public client like it, whose answers come to this console. It has no power that the person at
 * the page could not give, and lives for one sign-in.
 */
export async function registerTrial(client: Client): Promise<string> {
  const copied = Object.fromEntries(
    COPIED.filter((name) => client[name] !== undefined).map((name) => [name, client[name]]),
  );
  const body: ClientDraft = {
    ...copied,
    client_id: PREFIX + crypto.randomUUID(),
    client_name: client.client_name ?? client.client_id,
    description: `Trial of ${client.client_id}; the console removes it.`,
    application_type: 'web',
    redirect_uris: [TRIAL_REDIRECT],
    grant_types: client.grant_types.filter((type) => /^(authorization_code|refresh_token)$/.test(type)),
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    require_pkce: true,
    ...(client.scope !== undefined && { scope: trialScope(client.scope) }),
  };
  return (await ask<Client>('/clients', { method: 'POST', body })).body.client_id;
}

/** The end of a trial, and of every token that it brought. */
export async function removeTrial(clientId: string): Promise<void> {
  await ask(clientPath(clientId), { method: 'DELETE' });
}

/** A trial that nobody came back from: its person has left long ago. */
const LEFT_MS = 3_600_000;

/** Removes trials that were left over. */
export async function removeLeftovers(): Promise<void> {
  const { body } = await ask<Page<Client>>(`/clients?q=${PREFIX}`);
  const left = body.items.filter(
    ({ client_id, created_at }) => isTrial(client_id) && Date.now() - Date.parse(created_at) > LEFT_MS,
  );
  await Promise.allSettled(left.map(({ client_id }) => removeTrial(client_id)));
}
