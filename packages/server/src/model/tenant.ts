import type { Resource, StoredSettings } from './definition.ts';
import type { Endpoint, Profile } from './profile.ts';
import type { RegistrationAccess, RegistrationPolicy } from './registration.ts';

/** An issuer with its own keys, clients, users and settings. */
export type Tenant = Readonly<{
  /** Row number in the store. */
  id: number;
  name: string;
  /** The name in every token (rulings 15): a URL without a trailing slash, never guessed from a request. */
  issuer: string;
  /** Where everything is served: the issuer without what the profile puts behind it. */
  site: string;
  /** Path of the site without a trailing slash, often empty. */
  path: string;
  /** Every site of this provider, this one first; each has an issuer of its own and the same clients, users and keys. */
  sites: readonly string[];
  /** Plain http redirect URIs on other machines that the operator vouches for. */
  insecure_redirect_uris: readonly string[];
  /** The named profile with the operator's settings laid over it. */
  profile: Profile;
  /** The profile as it is named, with nothing laid over it. */
  named_profile: Profile;
  resources: readonly Resource[];
  /** Seconds of the longest lifetime that a resource gives its access tokens; 0 when none gives one. */
  longest_resource_token: number;
  /** Which settings the configuration fixes, and by which file or variable; and what was stored for others. */
  settings: Readonly<{ fixed: Readonly<Record<string, string>>; stored: StoredSettings }>;
  /** Scope value to the words a person reads on the consent page. */
  scope_descriptions: Readonly<Record<string, string>>;
  /** Who may register applications without an operator, and what. */
  registration: RegistrationPolicy & Readonly<{ access: RegistrationAccess }>;
  /** What pages call this provider. */
  display_name: string;
  /** Where a person who forgot the password is helped. */
  password_reset_uri?: string | undefined;
}>;

/** The path in the URL of an issuer or site. */
export const pathOf = (url: string): string => new URL(url).pathname.replace(/\/$/, '');

/** The issuer without what the profile puts behind the address of its site. */
export const siteOf = (issuer: string, { issuer_path }: Pick<Profile, 'issuer_path'>): string =>
  issuer.slice(0, issuer.length - issuer_path.length);

/** Whether there is such an endpoint. */
export const hasEndpoint = ({ profile }: Tenant, endpoint: Endpoint): boolean =>
  profile.paths[endpoint].length > 0;

/** The advertised address of an endpoint. */
export const endpointUrl = (tenant: Tenant, endpoint: Endpoint): string =>
  tenant.site + (tenant.profile.paths[endpoint][0] ?? '');
