/** What a person has allowed a client, remembered until it is revoked. */
export type Consent = Readonly<{
  user_id: number;
  client_row: number;
  scope: readonly string[];
  resources: readonly string[];
  granted_at: number;
}>;

/** Whether everything asked for now was allowed before. */
export function consentCovers(
  consent: Consent | undefined,
  scope: readonly string[],
  resources: readonly string[],
): boolean {
  if (consent === undefined) return false;
  return (
    scope.every((value) => consent.scope.includes(value)) &&
    resources.every((value) => consent.resources.includes(value))
  );
}
