import type { TenantConfig } from '../config/tenant.ts';
import type { Profile } from '../model/profile.ts';
import { pathOf, siteOf, type Tenant } from '../model/tenant.ts';

/** Where a tenant is served: its own issuer first. */
export type Place = Readonly<{ issuer: string; site: string; path: string; paths: Profile['paths'] }>;

/** Every place of a tenant. */
export function placesOf(
  configured: TenantConfig,
  profiles: Readonly<Record<string, Profile>>,
): readonly Place[] {
  const profile = profileOf(configured, profiles);
  return [configured.issuer, ...configured.sites].map((issuer) => {
    const site = siteOf(issuer, profile);
    return { issuer, site, path: pathOf(site), paths: profile.paths };
  });
}

function profileOf(configured: TenantConfig, profiles: Readonly<Record<string, Profile>>): Profile {
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

/** The tenant with the operator's settings laid over its profile. */
export function tenantOf(
  configured: TenantConfig,
  id: number,
  profiles: Readonly<Record<string, Profile>>,
): Tenant {
  const profile = profileOf(configured, profiles);
  const { lifetimes, ...settings } = configured.settings;
  return {
    id,
    name: configured.name,
    ...placeOf(configured.issuer, configured, profile),
    insecure_redirect_uris: configured.insecure_redirect_uris,
    display_name: configured.display_name,
    password_reset_uri: configured.password_reset_uri,
    profile: {
      ...profile,
      ...given(settings),
      paths: configured.dynamic_registration ? profile.paths : { ...profile.paths, registration: [] },
      lifetimes: { ...profile.lifetimes, ...given(lifetimes) },
      scope_claims: {
        ...profile.scope_claims,
        ...Object.fromEntries(configured.scopes.map(({ scope, claims }) => [scope, claims])),
      },
    },
    resources: configured.resources,
    scope_descriptions: Object.fromEntries(
      configured.scopes.map(({ scope, description }) => [scope, description ?? scope]),
    ),
  };
}

/** The members that have a value. */
function given<Settings extends object>(
  settings: Settings,
): { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> } {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> };
}
