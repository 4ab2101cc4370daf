import type { Client } from '../api/types.ts';
import { linesOf } from '../ui/lines.ts';

const TEXTS = [
  'client_name',
  'description',
  'client_uri',
  'policy_uri',
  'tos_uri',
  'token_endpoint_auth_method',
  'scope',
  'consent',
  'access_token_format',
  'backchannel_logout_uri',
] as const;
const LIFETIMES = ['access_token_lifetime', 'refresh_token_lifetime', 'default_max_age'] as const;
const LISTS = ['redirect_uris', 'post_logout_redirect_uris', 'grant_types'] as const;

export type TextName = (typeof TEXTS)[number] | (typeof LIFETIMES)[number];

/** What the form lets one change. Lifetimes are seconds as typed; an empty text means inherited from the provider. */
export type FormValues = Readonly<
  Record<TextName, string> &
    Record<(typeof LISTS)[number], readonly string[]> & {
      require_pkce: string;
      disabled: boolean;
      /** Usernames, one in a line; null lets everybody in. */
      allowed_users: string | null;
    }
>;

export type FieldName = keyof FormValues;

const SWITCHES = ['require_pkce', 'disabled', 'allowed_users'] as const;

export const FIELDS: readonly FieldName[] = [...TEXTS, ...LIFETIMES, ...LISTS, ...SWITCHES];

const textsOf = (client: Client) =>
  Object.fromEntries([...TEXTS, ...LIFETIMES].map((name) => [name, String(client[name] ?? '')])) as Record<
    TextName,
    string
  >;

export const valuesOf = (client: Client): FormValues => ({
  ...textsOf(client),
  redirect_uris: client.redirect_uris,
  post_logout_redirect_uris: client.post_logout_redirect_uris,
  grant_types: client.grant_types,
  require_pkce: client.require_pkce === undefined ? '' : client.require_pkce ? 'yes' : 'no',
  disabled: client.disabled === true,
  allowed_users: client.allowed_users?.join('\n') ?? null,
});

/** The names of what is otherwise in the one than in the other. */
export const changedNames = (before: FormValues, after: FormValues): readonly FieldName[] =>
  FIELDS.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));

/** What changed, as a merge patch (RFC 7396): what was emptied is removed, and so inherited again. */
export function patchOf(
  client: Client,
  before: FormValues,
  after: FormValues,
): Readonly<Record<string, unknown>> {
  const patch = Object.fromEntries(changedNames(before, after).map((name) => [name, patched(name, after)]));
  const [had, has] = [before, after].map(({ grant_types }) => grant_types.includes('authorization_code'));
  if (had === has) return patch;
  // Codes come with their grant type and go with it; what else was registered stays.
  const others = client.response_types.filter((type) => !type.split(' ').includes('code'));
  return { ...patch, response_types: has === true ? ['code', ...others] : others };
}

function patched(name: FieldName, values: FormValues): string | number | boolean | readonly string[] | null {
  const value = values[name];
  if (name === 'allowed_users') return values.allowed_users === null ? null : linesOf(values.allowed_users);
  if (value === '' || value === null) return null;
  if (name === 'require_pkce') return value === 'yes';
  if (typeof value === 'string') return /^\d+$/.test(value) && isLifetime(name) ? Number(value) : value;
  return typeof value === 'boolean' ? value : value.filter((one) => one !== '');
}

const isLifetime = (name: FieldName): boolean => LIFETIMES.some((one) => one === name);
