import { isDeepStrictEqual } from 'node:util';
import type { Provider } from '../keys/provider.ts';
import type { Profile } from '../model/profile.ts';
import { PROFILES } from '../profiles/profiles.ts';

/** A setting with the value it has, and whether the profile or the configuration says so. Lifetimes are seconds. */
export type SettingView = Readonly<{ name: string; value: unknown; from: 'profile' | 'configuration' }>;

const OF_THE_PROFILE = [
  'signing_algorithm',
  'access_token_format',
  'require_pkce',
  'consent',
  'refresh_token_rotation',
] as const satisfies readonly (keyof Profile)[];

/** The settings of a provider as they are in force. What the configuration says just as the profile does counts as the profile's. */
export function effectiveSettings({ tenant }: Pick<Provider, 'tenant'>): readonly SettingView[] {
  const { profile } = tenant;
  const known: Readonly<Record<string, Profile>> = PROFILES;
  const named = known[profile.name];
  const from = (value: unknown, usual: unknown): SettingView['from'] =>
    isDeepStrictEqual(value, usual) ? 'profile' : 'configuration';
  const configured = (name: string, value: unknown): SettingView => ({ name, value, from: 'configuration' });
  return [
    configured('issuer', tenant.issuer),
    configured('profile', profile.name),
    configured('display_name', tenant.display_name),
    configured('sites', tenant.sites),
    configured('insecure_redirect_uris', tenant.insecure_redirect_uris),
    configured('password_reset_uri', tenant.password_reset_uri ?? null),
    ...OF_THE_PROFILE.map((name) => ({
      name,
      value: profile[name],
      from: from(profile[name], named?.[name]),
    })),
    ...Object.entries(profile.lifetimes).map(([name, value]) => {
      const usual: Readonly<Record<string, number>> = named?.lifetimes ?? {};
      return { name: `lifetimes.${name}`, value, from: from(value, usual[name]) };
    }),
  ];
}
