import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import type { Grant } from '../model/authorization.ts';
import { decodeBase64url, sameBytes } from '../model/secret.ts';

const PREFIX = 'sgrt_';
const ID_BYTES = 6;
const GENERATION_BYTES = 4;
const MAC_BYTES = 32;

/** Where a refresh token stands in the line of its grant. */
export type RefreshTokenPlace = Readonly<{ id: number; generation: number; proof: Buffer }>;

/**
 * The refresh token of a generation: the grant's row, the generation, and a MAC over both and the grant's salt. The same generation
 * is always the same text, so that a lost answer can be repeated; nothing of it is stored (docs/decisions/0005).
 */
export function makeRefreshToken(
  provider: Provider,
  grant: { id: number; salt: Uint8Array; generation: number },
): string {
  const place = Buffer.alloc(ID_BYTES + GENERATION_BYTES);
  place.writeUIntBE(grant.id, 0, ID_BYTES);
  place.writeUInt32BE(grant.generation, ID_BYTES);
  const proof = mac(provider.secrets.refreshTokens, Buffer.concat([place, grant.salt]));
  return PREFIX + Buffer.concat([place, proof]).toString('base64url');
}

/** Undefined for anything that cannot be a refresh token, by its form alone. */
export function parseRefreshToken(token: string): RefreshTokenPlace | undefined {
  if (!token.startsWith(PREFIX) || token.length > 100) return undefined;
  const bytes = decodeBase64url(token.slice(PREFIX.length));
  if (bytes?.length !== ID_BYTES + GENERATION_BYTES + MAC_BYTES) return undefined;
  return {
    id: bytes.readUIntBE(0, ID_BYTES),
    generation: bytes.readUInt32BE(ID_BYTES),
    proof: bytes.subarray(ID_BYTES + GENERATION_BYTES),
  };
}

/** Whether the token was made for this grant, whichever its generation. */
export function isAuthentic(provider: Provider, token: string, grant: Grant): boolean {
  const place = parseRefreshToken(token);
  if (place === undefined || grant.refresh_salt === null) return false;
  const made = makeRefreshToken(provider, {
    id: grant.id,
    salt: grant.refresh_salt,
    generation: place.generation,
  });
  return sameBytes(Buffer.from(made), Buffer.from(token));
}
