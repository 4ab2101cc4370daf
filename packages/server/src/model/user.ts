import { type Random, randomUuid } from './secret.ts';

/** Standard claims (OIDC Core §5.1) and any further ones an operator gives. */
export type UserClaims = Readonly<Record<string, unknown>>;

/** What a person may do of the administration; `admin/roles.ts` says what each role opens. */
export const USER_ROLES = ['user', 'admin', 'support', 'auditor'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** Who wrote a record: the configuration file at start, a person through command line, API or page, an application by itself, or Signet for itself. */
export type Source = 'file' | 'manual' | 'registration' | 'built-in';

export type User = Readonly<{
  id: number;
  /** Stable, never reused, never derived from a name. */
  sub: string;
  username: string;
  password_hash: string | null;
  claims: UserClaims;
  role: UserRole;
  source: Source;
  /** Digest of the password last taken from the configuration file, so that a change there is noticed and a person's own is kept. */
  seed_digest: string | null;
  disabled_at: number | null;
  /** Since when nobody signs in to the account, until an administrator unlocks it. */
  locked_at: number | null;
  /** Grows by one when name, claims, role or state change. */
  version: number;
  created_at: number;
  updated_at: number;
}>;

/** One spelling for a name, so that look-alike spellings share one account and one failure count. Undefined if it is no name. */
export function normalizeUsername(text: string): string | undefined {
  const name = text.normalize('NFKC').trim().toLowerCase();
  return name !== '' && name.length <= 255 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? name : undefined;
}

/** The e-mail address among claims, in one spelling; undefined if there is none that mail could be sent to. */
export function emailOf({ email }: UserClaims): string | undefined {
  return typeof email === 'string' ? normalizeEmail(email) : undefined;
}

/** One spelling for an address, or undefined if it is none. The part before the @ is folded as well: people do not tell cases apart. */
export function normalizeEmail(text: string): string | undefined {
  const address = text.trim().toLowerCase();
  return /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u.test(address) && address.length <= 254
    ? address
    : undefined;
}

/** A new subject identifier, never reused and never derived from a name. */
export const newSub = (random: Random): string => randomUuid(random);
