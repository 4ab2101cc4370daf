import { KEY_SET_MAX_AGE } from '../keys/keyring.ts';
import type { Provider } from '../keys/provider.ts';
import type { SigningKey } from '../keys/signing-key.ts';

/** Documents by the keys they are of, so that each is written once. */
const documents = new WeakMap<readonly SigningKey[], string>();

/** The public keys that tokens may be verified with, as JSON (RFC 7517 §5), and the seconds for which they may be kept. */
export async function publishedKeySet(provider: Provider): Promise<{ document: string; maxAge: number }> {
  const keys = await provider.keyring.published();
  const document = documents.get(keys) ?? JSON.stringify({ keys: keys.map((key) => key.publicJwk) });
  documents.set(keys, document);
  return { document, maxAge: KEY_SET_MAX_AGE };
}
