import type { Client, ClientDraft } from '../api/types.ts';

/** What the form lets one change. Lifetimes are seconds as typed; empty means inherited from the provider. */
export type FormValues = Readonly<{
  client_name: string;
  client_uri: string;
  redirect_uris: readonly string[];
  post_logout_redirect_uris: readonly string[];
  grant_types: readonly string[];
  token_endpoint_auth_method: string;
  scope: string;
  consent: string;
  require_pkce: 'inherited' | 'yes' | 'no';
  access_token_lifetime: string;
  refresh_token_lifetime: string;
  backchannel_logout_uri: string;
  disabled: boolean;
}>;

export const valuesOf = (client: Client): FormValues => ({
  client_name: client.client_name ?? '',
  client_uri: client.client_uri ?? '',
  redirect_uris: client.redirect_uris,
  post_logout_redirect_uris: client.post_logout_redirect_uris,
  grant_types: client.grant_types,
  token_endpoint_auth_method: client.token_endpoint_auth_method,
  scope: client.scope ?? '',
  consent: client.consent,
  require_pkce: client.require_pkce === undefined ? 'inherited' : client.require_pkce ? 'yes' : 'no',
  access_token_lifetime: String(client.access_token_lifetime ?? ''),
  refresh_token_lifetime: String(client.refresh_token_lifetime ?? ''),
  backchannel_logout_uri: client.backchannel_logout_uri ?? '',
  disabled: client.disabled === true,
});

const NAMES = [
  'client_name',
  'client_uri',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'token_endpoint_auth_method',
  'scope',
  'consent',
  'require_pkce',
  'access_token_lifetime',
  'refresh_token_lifetime',
  'backchannel_logout_uri',
  'disabled',
] as const satisfies readonly (keyof FormValues)[];

export type FieldName = (typeof NAMES)[number];

/** The names of what is otherwise in the one than in the other. */
export const changedNames = (before: FormValues, after: FormValues): readonly FieldName[] =>
  NAMES.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));

/** What changed, as a merge patch (RFC 7396): what was emptied is removed, and so inherited again. */
export function patchOf(client: Client, before: FormValues, after: FormValues): ClientDraft {
  const patch = Object.fromEntries(changedNames(before, after).map((name) => [name, patched(name, after)]));
  const [had, has] = [before, after].map(({ grant_types }) => grant_types.includes('authorization_code'));
  if (had === has) return patch;
  // Codes come with their grant type and go with it; what else was registered stays.
  const others = client.response_types.filter((type) => !type.split(' ').includes('code'));
  return { ...patch, response_types: has === true ? ['code', ...others] : others };
}

function patched(name: FieldName, values: FormValues): string | number | boolean | readonly string[] | null {
  const value = values[name];
  if (name === 'require_pkce') return value === 'inherited' ? null : value === 'yes';
  if (name.endsWith('_lifetime')) return value === '' ? null : Number(value);
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'boolean' ? value : value.filter((one) => one !== '');
}
