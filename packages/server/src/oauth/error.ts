import type { Profile } from '../model/profile.ts';
import { RULES, type RuleId } from './rules.ts';

/** Private facts of a refusal for the operator: never sent to the client. */
export type Facts = Readonly<Record<string, unknown>>;

/** A request that a protocol rule forbids. The rule says what goes on the wire; the facts say why, to the operator alone. */
export class OAuthError extends Error {
  override name = 'OAuthError';
  readonly rule: RuleId;
  readonly error: string;
  readonly facts: Facts;

  constructor(rule: RuleId, facts: Facts) {
    super(RULES[rule].says);
    this.rule = rule;
    this.error = RULES[rule].error;
    this.facts = facts;
  }
}

/** Made to be thrown: `throw refuse('code.replayed', { … })`. */
export const refuse = (rule: RuleId, facts: Facts = {}): OAuthError => new OAuthError(rule, facts);

/** HTTP status of each registered error when it is not sent by redirect (RFC 6749 §5.2, RFC 6750 §3.1). */
const STATUS: Readonly<Record<string, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  token_inactive: 401,
  insufficient_scope: 403,
  access_denied: 403,
  server_error: 500,
  temporarily_unavailable: 503,
};

export const statusOf = (error: string): number => STATUS[error] ?? 400;

/** What goes on the wire of a refusal. */
export type Told = Readonly<{ error: string; error_description: string; status: number }>;

/**
 * A refusal in the words of the provider: the registered error, the sentence and the reference in the characters that RFC 6749 §5.2
 * allows, and the status of an answer that is no redirect.
 */
export function told(error: OAuthError, reference: string, { wording }: Pick<Profile, 'wording'>): Told {
  const own = wording[error.rule];
  const name = own?.error ?? error.error;
  return {
    error: name,
    error_description: `${own?.says ?? error.message} (ref ${reference})`.replace(
      /[^\x20\x21\x23-\x5B\x5D-\x7E]/g,
      "'",
    ),
    status: own?.status ?? statusOf(name),
  };
}
