/** What a person is asked to allow a client: scope values, resources, and claims that no scope value opens. */
export type Allowed = Readonly<{
  scope: readonly string[];
  resources: readonly string[];
  claims: readonly string[];
}>;

/** What a person has allowed a client, remembered until it is revoked. */
export type Consent = Allowed & Readonly<{ user_id: number; client_row: number; granted_at: number }>;

/** Whether everything asked for now was allowed before. */
export function consentCovers(consent: Consent | undefined, asked: Allowed): boolean {
  if (consent === undefined) return false;
  return (
    asked.scope.every((value) => consent.scope.includes(value)) &&
    asked.resources.every((value) => consent.resources.includes(value)) &&
    asked.claims.every((value) => consent.claims.includes(value))
  );
}
