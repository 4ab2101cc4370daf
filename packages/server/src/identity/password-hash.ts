import { argon2Sync, pbkdf2Sync, scryptSync } from 'node:crypto';
import { compareSync as compareBcrypt } from 'bcryptjs';
import { sameBytes } from '../model/secret.ts';

/** Cost of a new hash (OWASP: argon2id with 19 MiB, two passes, one lane). Memory in KiB. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;
/** Bytes of a new salt. */
export const SALT_BYTES = 16;
/** Above these a foreign hash would cost more than a sign-in may. */
const MOST_MEMORY_KIB = 262_144;

/** A hash that no password is known for: an unknown user costs the same as a known one. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$c2lnbmV0IG5vYm9keSBoZQ$3uZ0bFVZ0kbHk2l0bq6Fz0wJzq6i3m1lZ2k9o0n5T3c';

/** One spelling for passwords that look alike, whatever keyboard made them (NIST SP 800-63B-4 §3.1.1.2). */
const normalized = (password: string): string => password.normalize('NFKC');

/** Hashes with argon2id into a PHC string. It takes tens of milliseconds, and is for a thread that does nothing else. */
export function hashPassword(password: string, salt: Uint8Array): string {
  const tag = argon2Sync('argon2id', {
    message: normalized(password),
    nonce: salt,
    tagLength: TAG_BYTES,
    ...COST,
  });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Whether the password is the one hashed; also for hashes brought from other systems. False for a hash of unknown kind. */
export function verifyPassword(password: string, hash: string): boolean {
  if (/^\$2[aby]\$/.test(hash)) return compareBcrypt(password, hash);
  const parsed = parsePhc(hash);
  if (parsed === undefined) return false;
  // Hashes from elsewhere were made of the password as typed; Signet's own of its normal form.
  const spellings = new Set([normalized(password), password]);
  for (const spelling of spellings) {
    const tag = derive(parsed, spelling);
    if (tag !== undefined && sameBytes(tag, parsed.tag)) return true;
  }
  return false;
}

/** Whether a hash should be made anew at the next sign-in (rulings 17). */
export const isOutdated = (hash: string): boolean =>
  !hash.startsWith(`$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$`);

/** Whether a hash is of a kind that `verifyPassword` knows. */
export const isKnownHash = (hash: string): boolean =>
  /^\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/.test(hash) || parsePhc(hash) !== undefined;

type Phc = Readonly<{ id: string; parameters: ReadonlyMap<string, number>; salt: Buffer; tag: Buffer }>;

/** `$id$v=…$name=value,…$salt$tag`, the salt and tag in base64 without padding. */
function parsePhc(hash: string): Phc | undefined {
  const match =
    /^\$(argon2(?:id|i|d)|scrypt|pbkdf2-sha(?:256|512))(?:\$v=19)?\$([a-z=0-9,]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
      hash,
    );
  const [, id, settings, salt, tag] = match ?? [];
  if (id === undefined || settings === undefined || salt === undefined || tag === undefined) return undefined;
  const parameters = new Map(
    settings.split(',').map((pair) => [pair.split('=')[0] ?? '', Number(pair.split('=')[1])]),
  );
  const parsed = { id, parameters, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
  return parsed.salt.length >= 8 && parsed.tag.length >= 16 && isAffordable(parsed) ? parsed : undefined;
}

function isAffordable({ id, parameters }: Phc): boolean {
  const within = (name: string, most: number): boolean => {
    const value = parameters.get(name) ?? 0;
    return Number.isInteger(value) && value >= 1 && value <= most;
  };
  if (id.startsWith('argon2')) return within('m', MOST_MEMORY_KIB) && within('t', 20) && within('p', 16);
  if (id === 'scrypt') return within('ln', 18) && within('r', 16) && within('p', 16);
  return within('i', 5_000_000);
}

function derive({ id, parameters, salt, tag }: Phc, password: string): Buffer | undefined {
  const value = (name: string): number => parameters.get(name) ?? 0;
  if (id === 'argon2id' || id === 'argon2i' || id === 'argon2d') {
    const cost = { memory: value('m'), passes: value('t'), parallelism: value('p') };
    return argon2Sync(id, { message: password, nonce: salt, tagLength: tag.length, ...cost });
  }
  if (id === 'scrypt') {
    const cost = { N: 2 ** value('ln'), r: value('r'), p: value('p') };
    return scryptSync(password, salt, tag.length, { ...cost, maxmem: 256 * cost.N * cost.r });
  }
  return pbkdf2Sync(password, salt, value('i'), tag.length, id.slice('pbkdf2-'.length));
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
