import { decodeBase64url, type Random } from '../model/secret.ts';
import type { Store, StoredTenant } from '../store/store.ts';
import { deriveKey, mac, open, seal } from './seal.ts';

/** The symmetric keys of one tenant, one for each use. They live in memory only; the store holds their root sealed. */
export type TenantSecrets = Readonly<{
  refreshTokens: Buffer;
  opaqueTokens: Buffer;
  interactions: Buffer;
  pairwise: Buffer;
  forms: Buffer;
  signingKeys: Buffer;
  clientSecrets: Buffer;
  device: Buffer;
}>;

/** The master secret does not open what was sealed with another one. */
export class WrongMasterSecret extends Error {
  override name = 'WrongMasterSecret';
}

/** Finds the tenant's row and secrets, making both at the first start. */
export async function openTenant(
  store: Store,
  tenant: { name: string; issuer: string },
  masterSecret: Uint8Array,
  tools: { random: Random; now: number },
): Promise<{ id: number; secrets: TenantSecrets }> {
  const sealing = deriveKey(masterSecret, 'sealing');
  const found = await store.findTenant(tenant.name);
  const stored: StoredTenant =
    found ??
    (await store.saveTenant(
      { ...tenant, secret_sealed: seal(sealing, labelOf(tenant), tools.random(32), tools.random) },
      tools.now,
    ));
  return { id: stored.id, secrets: deriveTenantSecrets(openRoot(sealing, stored)) };
}

/** Throws `WrongMasterSecret` unless the master secret opens all of them. */
export function requireMasterSecretOf(
  masterSecret: Uint8Array,
  tenants: readonly Pick<StoredTenant, 'name' | 'secret_sealed'>[],
): void {
  const sealing = deriveKey(masterSecret, 'sealing');
  for (const tenant of tenants) openRoot(sealing, tenant);
}

function openRoot(sealing: Uint8Array, tenant: Pick<StoredTenant, 'name' | 'secret_sealed'>): Buffer {
  const root = open(sealing, labelOf(tenant), tenant.secret_sealed);
  if (root !== undefined) return root;
  throw new WrongMasterSecret(
    'The master secret is not the one this database was made with, so its keys cannot be opened. Give the earlier master_secret back.',
  );
}

const labelOf = ({ name }: { name: string }): string => `tenant ${name}`;

const deriveTenantSecrets = (root: Uint8Array): TenantSecrets => ({
  refreshTokens: deriveKey(root, 'refresh tokens'),
  opaqueTokens: deriveKey(root, 'opaque access tokens'),
  interactions: deriveKey(root, 'interactions'),
  pairwise: deriveKey(root, 'pairwise subjects'),
  forms: deriveKey(root, 'forms'),
  signingKeys: deriveKey(root, 'signing keys'),
  clientSecrets: deriveKey(root, 'client secrets'),
  device: deriveKey(root, 'known browsers'),
});

/** What is stored of a client secret: keyed, so that a copied database gives nothing to guess against. */
export const clientSecretDigest = (secrets: TenantSecrets, secret: string): Buffer =>
  mac(secrets.clientSecrets, secret);

/** A value sealed into text that travels through a browser; it opens under the same key and label only. */
export const sealText = (key: Uint8Array, label: string, value: unknown, random: Random): string =>
  seal(key, label, Buffer.from(JSON.stringify(value)), random).toString('base64url');

/** The value, or undefined for any text that `sealText` with that key and label did not make. Of the shape that was sealed. */
export function openText<Shape>(key: Uint8Array, label: string, text: string): Shape | undefined {
  const sealed = decodeBase64url(text);
  const plain = sealed && open(key, label, sealed);
  return plain && (JSON.parse(plain.toString()) as Shape);
}

/** The secret itself, sealed, for clients that sign with it. */
export const sealClientSecret = (
  secrets: TenantSecrets,
  client_id: string,
  secret: string,
  random: Random,
): Buffer => seal(secrets.clientSecrets, `client ${client_id}`, Buffer.from(secret), random);

/** Throws when it was sealed for another client or with other secrets. */
export function unsealClientSecret(secrets: TenantSecrets, client_id: string, sealed: Uint8Array): Buffer {
  const secret = open(secrets.clientSecrets, `client ${client_id}`, sealed);
  if (secret === undefined) throw new Error(`The secret of the client ${client_id} cannot be opened.`);
  return secret;
}
