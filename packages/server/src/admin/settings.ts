import type { Provider } from '../keys/provider.ts';
import type { SigningAlgorithm } from '../model/client.ts';
import type { StoredDefinition, StoredSettings } from '../model/definition.ts';
import type { Tenant } from '../model/tenant.ts';
import { changeDefinition, createDefinition, findDefinition } from './definitions.ts';
import { CHANGEABLE, DISPLAY_NAME } from './setting-schema.ts';

/**
 * A setting with the value it has, and who says so: the configuration (`origin` is the file or variable), somebody who changed it while
 * the provider runs, or else the profile. Lifetimes are seconds.
 */
export type SettingView = Readonly<{
  name: string;
  value: unknown;
  from: 'profile' | 'configuration' | 'stored';
  origin: string | null;
  /** Nobody has said it for this provider. */
  inherited: boolean;
  writable: boolean;
}>;

/** What the configuration alone says, for all that stands on it. */
const ONLY_CONFIGURED = ['issuer', 'profile', 'sites', 'insecure_redirect_uris'] as const;

/** The settings as they are in force, with what is stored. */
export function effectiveSettings(provider: Provider, stored: StoredSettings): readonly SettingView[] {
  const { tenant } = provider;
  const { fixed } = tenant.settings;
  const values = valuesOf(tenant);
  const usual = valuesOf({ profile: tenant.named_profile, display_name: DISPLAY_NAME });
  return [
    ...ONLY_CONFIGURED.map((name): SettingView => {
      const value = name === 'profile' ? tenant.profile.name : tenant[name];
      const origin = fixed[name] ?? null;
      return { name, value, from: 'configuration', origin, inherited: origin === null, writable: false };
    }),
    ...Object.keys(CHANGEABLE).map((name): SettingView => {
      const origin = fixed[name];
      if (origin !== undefined)
        return {
          name,
          value: values.get(name),
          from: 'configuration',
          origin,
          inherited: false,
          writable: false,
        };
      const isStored = Object.hasOwn(stored, name);
      return {
        name,
        value: isStored ? stored[name] : (usual.get(name) ?? null),
        from: isStored ? 'stored' : 'profile',
        origin: null,
        inherited: !isStored,
        writable: true,
      };
    }),
  ];
}

type Values = ReadonlyMap<string, unknown>;

/** The changeable settings of a tenant. */
const valuesOf = (tenant: Pick<Tenant, 'profile' | 'display_name' | 'password_reset_uri'>): Values =>
  new Map<string, unknown>([
    ...Object.entries(tenant.profile),
    ...Object.entries(tenant.profile.lifetimes).map(([name, value]) => [`lifetimes.${name}`, value] as const),
    ['display_name', tenant.display_name],
    ['password_reset_uri', tenant.password_reset_uri],
  ]);

const KEY = { kind: 'settings', name: '' } as const;

/** What is stored of the settings; undefined while nobody has changed any. */
export async function storedSettings(
  provider: Provider,
): Promise<Extract<StoredDefinition, { kind: 'settings' }> | undefined> {
  const found = await findDefinition(provider, KEY);
  return found?.kind === 'settings' ? found : undefined;
}

/** Stores other settings in the place of those of that version; 0 is that of none. */
export async function replaceSettings(
  provider: Provider,
  value: StoredSettings,
  version: number,
): Promise<'changed' | 'stale'> {
  const stored = await storedSettings(provider);
  if ((stored?.version ?? 0) !== version) return 'stale';
  const before = stored ?? (await beginSettings(provider));
  if (before === undefined) return 'stale';
  // A key that is there before anybody signs with it.
  const { signing_algorithm: algorithm } = value;
  if (algorithm !== undefined) await provider.keyring.current(algorithm as SigningAlgorithm);
  const outcome = await changeDefinition(provider, before, { kind: 'settings', value });
  return typeof outcome === 'string' ? 'stale' : 'changed';
}

/** Stores that nothing is stored, so that the first change too can be taken back. */
const beginSettings = (provider: Provider): Promise<StoredDefinition | undefined> =>
  createDefinition(provider, { kind: 'settings', value: {} });
