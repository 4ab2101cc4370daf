import type { TenantConfig } from '../config/tenant.ts';
import type { Provider } from '../keys/provider.ts';
import { ADMIN_API_PATH } from '../model/admin-api.ts';
import type { Profile } from '../model/profile.ts';
import type { Site } from '../web/site.ts';
import type { Surface, TenantApp } from '../web/tenant-app.ts';
import type { Entrance } from '../web/tenant-router.ts';
import { placeOf, placesOf } from './tenant.ts';
import type { TenantEntry } from './tenants.ts';

/** The entrances of a tenant, one for each issuer; each is made anew when its provider is another one. */
export const entrancesOf = (
  tenant: TenantEntry,
  profiles: Readonly<Record<string, Profile>>,
  siteOf: (provider: Provider) => Site,
): readonly Entrance[] =>
  placesOf(tenant.config, profiles).map((place) => ({
    ...place,
    app: following(tenant.ready, async (present) => {
      // The pages are no part of a command that starts no server.
      const { tenantApp } = await import('../web/tenant-app.ts');
      const provider = providerAt(place.issuer, present, tenant.config);
      return tenantApp(siteOf(provider), [...(await surfacesOf(provider.tenant.profile)), adminApi]);
    }),
  }));

/** Makes the HTTP face of a provider, once for each that there is: a request is answered by one of them from its beginning to its end. */
function following(
  present: () => Provider | Promise<Provider>,
  make: (provider: Provider) => Promise<TenantApp>,
): () => TenantApp | Promise<TenantApp> {
  let made: Readonly<{ of: Provider; app: TenantApp }> | undefined;
  let making: Readonly<{ of: Provider; app: Promise<TenantApp> }> | undefined;
  const makeOf = async (of: Provider): Promise<TenantApp> => {
    if (made?.of === of) return made.app;
    if (making?.of !== of) making = { of, app: make(of) };
    const app = await making.app.catch((fault: unknown) => {
      making = undefined;
      throw fault;
    });
    made = { of, app };
    return app;
  };
  return () => {
    const provider = present();
    if (provider instanceof Promise) return provider.then(makeOf);
    return made?.of === provider ? made.app : makeOf(provider);
  };
}

/** The entrances of the present tenants: the same array until these change, and the same entrances of those that stay. */
export function remembering(
  tenants: () => readonly TenantEntry[],
  make: (tenant: TenantEntry) => readonly Entrance[],
): () => readonly Entrance[] {
  const made = new WeakMap<TenantEntry, readonly Entrance[]>();
  let seen: readonly TenantEntry[] = [];
  let entrances: readonly Entrance[] = [];
  return () => {
    const present = tenants();
    if (present === seen) return entrances;
    seen = present;
    entrances = present.flatMap((tenant) => {
      const known = made.get(tenant) ?? make(tenant);
      made.set(tenant, known);
      return known;
    });
    return entrances;
  };
}

/** The provider as the issuer serves it that a request came to. */
function providerAt(issuer: string, provider: Provider, configured: TenantConfig): Provider {
  const { tenant } = provider;
  return issuer === tenant.issuer
    ? provider
    : { ...provider, tenant: { ...tenant, ...placeOf(issuer, configured, tenant.profile) } };
}

/** What a system has beside OAuth is loaded for its profile alone. */
async function surfacesOf({ surfaces }: Profile): Promise<readonly Surface[]> {
  if (surfaces.length === 0) return [];
  const { loadSurface } = await import('../systems/surfaces.ts');
  return Promise.all(surfaces.map(loadSurface));
}

/** The interface for administrators, which every tenant has. It is loaded when somebody asks for it. */
const adminApi: Surface = (app, site) => {
  const base = site.provider.tenant.path + ADMIN_API_PATH;
  for (const path of [base, `${base}/*`])
    app.all(path, async (c) => (await import('../api/surface.ts')).answerAdmin(c, site));
};
