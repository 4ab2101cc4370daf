import type { Provider } from '../keys/provider.ts';
import { areThere, type ClaimSources, claimsFrom, type TokenFacts } from '../model/claim-source.ts';
import { type Client, clientDisplayName } from '../model/client.ts';
import { formatScope } from '../model/scope.ts';
import { randomText } from '../model/secret.ts';
import type { User } from '../model/user.ts';
import { subjectFor } from './subject.ts';

/** A person through a client, as a token tells of it. */
export type TokenPerson = Readonly<{
  user: User;
  scope?: readonly string[];
  sid?: string;
  impersonator?: string | undefined;
}>;

/** The claims of a profile for a person's token. */
export function personClaims(
  sources: ClaimSources,
  provider: Provider,
  client: Client,
  person: TokenPerson,
): Record<string, unknown> {
  return areThere(sources)
    ? claimsFrom(sources, personFacts(provider, client, person), person.user.claims)
    : {};
}

function personFacts(provider: Provider, client: Client, person: TokenPerson): TokenFacts {
  const { user, scope, sid, impersonator } = person;
  const { name } = user.claims;
  return {
    ...clientFacts(provider, client, scope ?? []),
    sub: subjectFor(provider, client, user),
    username: user.username,
    token_id: randomText(provider.random, 16),
    display_name: typeof name === 'string' ? name : user.username,
    ...(sid !== undefined && { sid }),
    ...(impersonator !== undefined && { impersonator }),
  };
}

/** The claims of a profile for the token of a service for itself. */
export const serviceClaims = (
  sources: ClaimSources,
  provider: Provider,
  client: Client,
  scope: readonly string[],
): Record<string, unknown> => claimsFrom(sources, clientFacts(provider, client, scope), {});

const clientFacts = ({ tenant }: Provider, { metadata }: Client, scope: readonly string[]): TokenFacts => ({
  issuer: tenant.issuer,
  client_id: metadata.client_id,
  client_name: clientDisplayName(metadata),
  ...(metadata.organization_id !== undefined && { client_organization: metadata.organization_id }),
  scope: formatScope(scope),
});
