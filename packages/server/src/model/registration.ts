import type { GrantType, JsonWebKeySet } from './client.ts';

/** Who may register an application without an operator: nobody, whoever brings an initial access token, or anybody. */
export const REGISTRATION_ACCESS = ['off', 'token', 'open'] as const;
export type RegistrationAccess = (typeof REGISTRATION_ACCESS)[number];

/** Grant types that an application may register for itself, where the policy has them. */
export const REGISTRABLE_GRANT_TYPES = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
] as const satisfies readonly GrantType[];

/** Whose software statements are taken, and the keys that these are signed with (RFC 7591 §2.3). */
export type StatementIssuer = Readonly<{
  issuer: string;
  jwks?: JsonWebKeySet | undefined;
  jwks_uri?: string | undefined;
}>;

/** What applications may register for themselves, and for how long. Times are seconds. */
export type RegistrationPolicy = Readonly<{
  /** Hosts, `*.` and a domain, or a private scheme with its colon; every one when there is none. */
  allowed_hosts: readonly string[];
  grant_types: readonly (typeof REGISTRABLE_GRANT_TYPES)[number][];
  /** The most that a client gets; every scope of the provider when absent. */
  scope?: string | undefined;
  /** From the registration to its end. */
  expires_after?: number | undefined;
  /** From the last use to the removal. */
  unused_after?: number | undefined;
  software_statement: Readonly<{ issuers: readonly StatementIssuer[]; required: boolean }>;
}>;
