import type { Endpoint, Profile } from './profile.ts';

/** An API that access tokens can be made for (RFC 8707). */
export type Resource = Readonly<{ resource: string; name?: string | undefined; scope?: string | undefined }>;

/** An issuer with its own keys, clients, users and settings. */
export type Tenant = Readonly<{
  /** Row number in the store. */
  id: number;
  name: string;
  /** The only public URL (rulings 15): no trailing slash, never guessed from a request. */
  issuer: string;
  /** Path of the issuer without a trailing slash: `''` or `/oidc`. */
  path: string;
  /** The named profile with the operator's settings laid over it. */
  profile: Profile;
  resources: readonly Resource[];
  /** Scope value to the words a person reads on the consent page. */
  scope_descriptions: Readonly<Record<string, string>>;
  /** What pages call this provider. */
  display_name: string;
}>;

/** The path in an issuer's URL. */
export const issuerPath = (issuer: string): string => new URL(issuer).pathname.replace(/\/$/, '');

/** The advertised address of an endpoint. */
export const endpointUrl = (tenant: Tenant, endpoint: Endpoint): string =>
  tenant.issuer + (tenant.profile.paths[endpoint][0] ?? '');
