import type { TenantConfig } from '../config/tenant.ts';
import type { Profile } from '../model/profile.ts';
import { issuerPath, type Tenant } from '../model/tenant.ts';

/** The tenant's profile with the operator's settings laid over it. */
export function tenantOf(
  configured: TenantConfig,
  id: number,
  profiles: Readonly<Record<string, Profile>>,
): Tenant {
  const profile = profiles[configured.profile];
  if (profile === undefined) throw new Error(`There is no profile ${configured.profile}.`);
  const { lifetimes, ...settings } = configured.settings;
  return {
    id,
    name: configured.name,
    issuer: configured.issuer,
    path: issuerPath(configured.issuer),
    display_name: configured.display_name,
    profile: {
      ...profile,
      ...given(settings),
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
