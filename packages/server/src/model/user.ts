import type { Random } from './secret.ts';

/** Standard claims (OIDC Core §5.1) and any further ones an operator gives. */
export type UserClaims = Readonly<Record<string, unknown>>;

export type UserRole = 'user' | 'admin';

/** Who wrote a record: the configuration file at start, or a person through command line, API or page. */
export type Source = 'file' | 'manual';

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
  created_at: number;
  updated_at: number;
}>;

/** One spelling for a name, so that look-alike spellings share one account and one failure count. Undefined if it is no name. */
export function normalizeUsername(text: string): string | undefined {
  const name = text.normalize('NFKC').trim().toLowerCase();
  return name !== '' && name.length <= 255 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? name : undefined;
}

/** A new subject identifier: a random UUID (RFC 9562 §5.4), never reused and never derived from a name. */
export function newSub(random: Random): string {
  const bytes = random(16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
