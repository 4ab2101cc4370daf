import type { TenantConfig } from '../config/tenant.ts';
import { definitionsOf, type StoredDefinition, type StoredSettings } from '../model/definition.ts';
import type { Profile } from '../model/profile.ts';
import { pathOf, siteOf, type Tenant } from '../model/tenant.ts';

type Profiles = Readonly<Record<string, Profile>>;

/** Where a tenant is served: its own issuer first. */
export type Place = Readonly<{ issuer: string; site: string; path: string; paths: Profile['paths'] }>;

/** Every place of a tenant. */
export function placesOf(configured: TenantConfig, profiles: Profiles): readonly Place[] {
  const profile = profileOf(configured, profiles);
  return [configured.issuer, ...configured.sites].map((issuer) => {
    const site = siteOf(issuer, profile);
    return { issuer, site, path: pathOf(site), paths: profile.paths };
  });
}

function profileOf(configured: TenantConfig, profiles: Profiles): Profile {
  const profile = profiles[configured.profile];
  if (profile === undefined) throw new Error(`There is no profile ${configured.profile}.`);
  return profile;
}

/** Where one issuer of the tenant is served, and where its others are. */
export function placeOf(
  issuer: string,
  configured: TenantConfig,
  profile: Profile,
): Pick<Tenant, 'issuer' | 'site' | 'path' | 'sites'> {
  const site = siteOf(issuer, profile);
  const all = [configured.issuer, ...configured.sites].map((one) => siteOf(one, profile));
  return { issuer, site, path: pathOf(site), sites: [site, ...all.filter((one) => one !== site)] };
}

/** What a tenant is made of: a row of the store, a configuration, and what is defined in the store. */
export type TenantParts = Readonly<{
  id: number;
  configured: TenantConfig;
  definitions: readonly StoredDefinition[];
}>;

/** The tenant: its profile, over it what is stored, and over that what the configuration fixes. */
export function tenantOf({ id, configured, definitions }: TenantParts, profiles: Profiles): Tenant {
  const profile = profileOf(configured, profiles);
  const stored = definitionsOf(definitions, 'settings')[0]?.value ?? {};
  const { display_name, password_reset_uri, lifetimes, ...settings } = settingsOf(configured, stored);
  const scopes = definitionsOf(definitions, 'scope').map(({ value }) => value);
  const resources = definitionsOf(definitions, 'resource').map(({ value }) => value);
  return {
    id,
    name: configured.name,
    ...placeOf(configured.issuer, configured, profile),
    insecure_redirect_uris: configured.insecure_redirect_uris,
    display_name,
    registration: { ...configured.registration, access: configured.dynamic_registration },
    password_reset_uri,
    profile: {
      ...profile,
      ...given(settings),
      paths:
        configured.dynamic_registration === 'off' ? { ...profile.paths, registration: [] } : profile.paths,
      lifetimes: { ...profile.lifetimes, ...given(lifetimes) },
      scope_claims: {
        ...profile.scope_claims,
        ...Object.fromEntries(scopes.map(({ scope, claims }) => [scope, claims])),
      },
    },
    named_profile: profile,
    resources,
    longest_resource_token: Math.max(0, ...resources.map((one) => one.access_token_lifetime ?? 0)),
    scope_descriptions: Object.fromEntries(
      scopes.map(({ scope, description }) => [scope, description ?? scope]),
    ),
    settings: { fixed: configured.origins, stored },
  };
}

type Laid = TenantConfig['settings'] & Pick<Tenant, 'display_name' | 'password_reset_uri'>;

/** The settings of a configuration, and those stored ones that it does not fix. They were checked before they were stored. */
export function settingsOf(configured: TenantConfig, stored: StoredSettings): Laid {
  const { settings, display_name, password_reset_uri, origins } = configured;
  const free = Object.entries(stored).filter(([name]) => !Object.hasOwn(origins, name));
  const lifetimes = free.flatMap(([name, value]): readonly (readonly [string, unknown])[] =>
    name.startsWith('lifetimes.') ? [[name.slice('lifetimes.'.length), value]] : [],
  );
  return {
    ...settings,
    display_name,
    password_reset_uri,
    ...Object.fromEntries(free.filter(([name]) => !name.includes('.'))),
    lifetimes: { ...settings.lifetimes, ...Object.fromEntries(lifetimes) },
  };
}

/** The members that have a value. */
function given<Settings extends object>(
  settings: Settings,
): { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> } {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> };
}
