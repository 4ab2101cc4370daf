import { hash, randomFillSync, timingSafeEqual } from 'node:crypto';
import { uuidText } from './uuid.ts';

/** Gives that many unpredictable bytes. The one source of randomness: it is passed as an argument. */
export type Random = (bytes: number) => Buffer;

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Bytes of the operating system's generator, fetched many at a time: a call for each few costs more than a hash. What was given is wiped. */
export const systemRandom: Random = (bytes) => {
  if (bytes > POOL_BYTES) return randomFillSync(Buffer.alloc(bytes));
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const given = Buffer.alloc(bytes);
  pool.copy(given, 0, used, used + bytes);
  pool.fill(0, used, used + bytes);
  used += bytes;
  return given;
};

/** SHA-256 of a text or of bytes: what is stored in the place of a secret of 128 random bits or more. */
export const sha256 = (value: string | Uint8Array): Buffer => hash('sha256', value, 'buffer');

/** Compares in a time that does not depend on where the two differ. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A random text of that many bytes in base64url. */
export const randomText = (random: Random, bytes: number): string => random(bytes).toString('base64url');

/** A random UUID (RFC 9562 §5.4). */
export const randomUuid = (random: Random): string => uuidText(random(16), 4);

/** Strict base64url: undefined for padding, foreign characters or unused trailing bits, so that a secret has one spelling. */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** What a client or browser holds: the row's id, so that it is found without an index on random text, and the secret beside it. */
export type Handle = Readonly<{ id: number; secret: Buffer }>;

const ID_BYTES = 6;
const SECRET_BYTES = 24;

export const newHandleSecret = (random: Random, bytes = SECRET_BYTES): Buffer => random(bytes);

/** Text of a handle; the prefix tells the kinds apart and lets secret scanners find a leaked one. */
export function formatHandle(prefix: string, handle: Handle): string {
  const bytes = Buffer.allocUnsafe(ID_BYTES + handle.secret.length);
  bytes.writeUIntBE(handle.id, 0, ID_BYTES);
  handle.secret.copy(bytes, ID_BYTES);
  return prefix + bytes.toString('base64url');
}

/** Undefined for anything that `formatHandle` with that prefix and a secret of so many bytes could not have made, whatever its length. */
export function parseHandle(prefix: string, text: string, secretBytes = SECRET_BYTES): Handle | undefined {
  if (!text.startsWith(prefix) || text.length > 100) return undefined;
  const bytes = decodeBase64url(text.slice(prefix.length));
  if (bytes?.length !== ID_BYTES + secretBytes) return undefined;
  return { id: bytes.readUIntBE(0, ID_BYTES), secret: bytes.subarray(ID_BYTES) };
}
