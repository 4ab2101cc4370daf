import type { ConsentPolicy, GrantType } from '../model/client.ts';
import type { RedirectRegistration } from '../model/redirect-uri.ts';
import type { Tenant } from '../model/tenant.ts';

/** What the provider lets its clients register, and adds where the metadata is silent. */
export type ClientRules = Readonly<{
  consent: ConsentPolicy;
  /** Methods with a secret need one in the metadata; left out where a secret is made for the client. */
  secretRequired?: boolean;
  redirects: RedirectRegistration;
  /** Whether scopes of the administration may be among its own: never where applications are registered by others than an operator. */
  adminScopes: boolean;
  grant_types: readonly GrantType[];
}>;

/** The rules of a tenant. */
export const clientRules = (
  tenant: Pick<Tenant, 'profile' | 'sites' | 'insecure_redirect_uris'>,
): ClientRules => ({
  consent: tenant.profile.consent,
  grant_types: tenant.profile.grant_types,
  adminScopes: true,
  redirects: {
    manners: tenant.profile.redirects,
    sites: tenant.sites,
    insecure: tenant.insecure_redirect_uris,
  },
});
