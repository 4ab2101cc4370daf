/** Why a request was refused, for the operator: what was sent against what is registered. Secrets never enter it. */
export type Refusal = Readonly<{
  /** Short text given to the client and shown on the page. */
  reference: string;
  at: number;
  rule: string;
  error: string;
  endpoint: string;
  client_id: string | null;
  /** Private facts by name: value received, values registered, which setting decided. */
  facts: Readonly<Record<string, unknown>>;
}>;

/** Keeps a refusal for the operator and returns its reference; never waits and never fails. */
export type RecordRefusal = (refusal: Omit<Refusal, 'reference' | 'at'>) => string;
