import { KEY_SET_MAX_AGE } from '../keys/keyring.ts';
import type { Provider } from '../keys/provider.ts';

/** The public keys that tokens may be verified with (RFC 7517 §5), and the seconds for which they may be kept. */
export async function publishedKeySet(
  provider: Provider,
): Promise<{ document: { keys: readonly unknown[] }; maxAge: number }> {
  const keys = await provider.keyring.published();
  return { document: { keys: keys.map((key) => key.publicJwk) }, maxAge: KEY_SET_MAX_AGE };
}
