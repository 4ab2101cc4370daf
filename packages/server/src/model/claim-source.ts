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
  /** The first one that has a value. */
  | Readonly<{ first: readonly ClaimSource[] }>
  | Readonly<{ members: Readonly<Record<string, ClaimSource>> }>;

export type ClaimSources = Readonly<Record<string, ClaimSource>>;

export type TokenFacts = Readonly<Partial<Record<TokenFact, string>>>;

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
  if ('members' in source) return claimsFrom(source.members, facts, claims);
  for (const one of source.first) {
    const value = sourceValue(one, facts, claims);
    if (value !== undefined) return value;
  }
  return undefined;
}
