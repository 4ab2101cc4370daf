import type { Provider } from '../keys/provider.ts';
import type { Client, ClientMetadata } from '../model/client.ts';
import type { Lifetimes, Profile } from '../model/profile.ts';
import type { Refusal } from '../model/refusal.ts';
import { type Explanation, explain } from '../oauth/explain.ts';
import type { RuleId } from '../oauth/rules.ts';

/** The setting that decided, with the value it has now and where it is set. */
export type DecidingSetting = Readonly<{ name: string; value: unknown; of: 'client' | 'provider' }>;

/** A refusal explained, with the setting that decided it where there is one. */
export type ExplainedRefusal = Explanation & Readonly<{ setting?: DecidingSetting }>;

/** Why the request with that reference was refused; undefined when the reference is unknown or older than a week. */
export async function explainRefusal(
  provider: Provider,
  reference: string,
): Promise<ExplainedRefusal | undefined> {
  const { store, tenant } = provider;
  const refusal = await store.findRefusal(tenant.id, reference.trim().toUpperCase());
  if (refusal === undefined) return undefined;
  const client =
    refusal.client_id === null ? undefined : await store.findClient(tenant.id, refusal.client_id);
  const setting = decidingSetting(refusal, client, tenant.profile);
  return { ...explain(refusal), ...(setting && { setting }) };
}

/** What a rule looks at: a key of the client, else one of the provider. */
type Decides = Readonly<{
  client?: keyof ClientMetadata;
  provider?: keyof Profile | `lifetimes.${keyof Lifetimes}`;
}>;

const DECIDES: Readonly<Partial<Record<RuleId, Decides>>> = {
  'client.disabled': { client: 'disabled' },
  'client.method': { client: 'token_endpoint_auth_method' },
  'client.public': { client: 'token_endpoint_auth_method' },
  'client.grant-type': { client: 'grant_types' },
  'client.response-type': { client: 'response_types' },
  'redirect-uri.missing': { client: 'redirect_uris' },
  'redirect-uri.unregistered': { client: 'redirect_uris' },
  'logout.redirect-uri': { client: 'post_logout_redirect_uris' },
  'scope.not-allowed': { client: 'scope', provider: 'scope_claims' },
  'resource.not-allowed': { client: 'resources' },
  'request-object.required': { client: 'require_signed_request_object' },
  'pkce.required': { client: 'require_pkce', provider: 'require_pkce' },
  'consent.required': { client: 'consent', provider: 'consent' },
  'introspection.not-allowed': { client: 'introspection_audiences' },
  'code.expired': { provider: 'lifetimes.authorization_code' },
  'refresh-token.expired': { client: 'refresh_token_lifetime', provider: 'lifetimes.refresh_token' },
  'refresh-token.replayed': { client: 'refresh_token_rotation', provider: 'refresh_token_rotation' },
};

function decidingSetting(
  refusal: Refusal,
  client: Client | undefined,
  profile: Profile,
): DecidingSetting | undefined {
  const decides: Decides | undefined = DECIDES[refusal.rule as RuleId];
  if (decides === undefined) return undefined;
  const { client: key, provider: name } = decides;
  const own = key === undefined ? undefined : client?.metadata[key];
  if (key !== undefined && (own !== undefined || name === undefined)) {
    return { name: key, value: own ?? null, of: 'client' };
  }
  return name === undefined ? undefined : { name, value: settingOf(profile, name), of: 'provider' };
}

function settingOf(profile: Profile, name: NonNullable<Decides['provider']>): unknown {
  const lifetimes = Object.entries(profile.lifetimes).map(
    ([key, seconds]) => [`lifetimes.${key}`, seconds] as const,
  );
  const values: Readonly<Record<string, unknown>> = {
    ...profile,
    scope_claims: Object.keys(profile.scope_claims),
    ...Object.fromEntries(lifetimes),
  };
  return values[name];
}
