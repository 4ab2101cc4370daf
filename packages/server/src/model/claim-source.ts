/** What the engine knows of a token while it makes it. */
export type TokenFact =
  | 'issuer'
  | 'client_id'
  /** The client's name, else its client_id. */
  | 'client_name'
  /** The organization that the client belongs to, where it was registered with one. */
  | 'client_organization'
  | 'sub'
  | 'username'
  /** The user's `name` claim, else the username. */
  | 'display_name'
  /** Scope values, separated by blanks. */
  | 'scope'
  | 'sid'
  /** An identifier that no other token has. */
  | 'token_id'
  /** Who signed in as this person; absent unless somebody did. */
  | 'impersonator';

/** Where the value of a claim comes from, as data. What has no value leaves the claim out. */
export type ClaimSource =
  | Readonly<{ constant: string | number | boolean }>
  | Readonly<{ fact: TokenFact }>
  /** A claim of the user's record. */
  | Readonly<{ claim: string }>
  /** The names of the groups that the person is in; no value for whoever is in none. */
  | Readonly<{ groups: 'names' }>
  /** The first one that has a value. */
  | Readonly<{ first: readonly ClaimSource[] }>
  | Readonly<{ members: Readonly<Record<string, ClaimSource>> }>;

export type ClaimSources = Readonly<Record<string, ClaimSource>>;

export type TokenFacts = Readonly<Partial<Record<TokenFact, string>> & { groups?: readonly string[] }>;

/** Whether there are any; most profiles have none, and their facts cost more than the claims. */
export const areThere = (sources: ClaimSources): boolean => Object.keys(sources).length > 0;

/** The claims that have a value. */
export function claimsFrom(
  sources: ClaimSources,
  facts: TokenFacts,
  claims: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const name in sources) {
    const source = sources[name];
    const value = source && sourceValue(source, facts, claims);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

function sourceValue(
  source: ClaimSource,
  facts: TokenFacts,
  claims: Readonly<Record<string, unknown>>,
): unknown {
  if ('constant' in source) return source.constant;
  if ('fact' in source) return facts[source.fact];
  if ('claim' in source) return claims[source.claim] ?? undefined;
  if ('groups' in source) return facts.groups?.length === 0 ? undefined : facts.groups;
  if ('members' in source) return claimsFrom(source.members, facts, claims);
  for (const one of source.first) {
    const value = sourceValue(one, facts, claims);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether the value rests on the groups of the person, which then have to be known. */
export function needsGroups(source: ClaimSource | undefined): boolean {
  if (source === undefined) return false;
  if ('members' in source) return Object.values(source.members).some(needsGroups);
  return 'first' in source ? source.first.some(needsGroups) : 'groups' in source;
}
