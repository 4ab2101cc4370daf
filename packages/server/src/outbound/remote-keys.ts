import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { SafeFetch } from './safe-fetch.ts';

const MOST_KEY_SETS = 1000;

/** Keys behind a client's jwks_uri. jose keeps a set for ten minutes and asks again for an unknown kid, at most twice a minute. */
export function remoteKeys(fetchSafely: SafeFetch): (jwks_uri: string) => JWTVerifyGetKey {
  const known = new LRUCache<string, JWTVerifyGetKey>({ max: MOST_KEY_SETS });
  return (jwks_uri) => {
    const found = known.get(jwks_uri);
    if (found !== undefined) return found;
    const made = createRemoteJWKSet(new URL(jwks_uri), {
      [customFetch]: async (url: string) => {
        const { status, body } = await fetchSafely(url);
        return new Response(body, { status });
      },
    });
    known.set(jwks_uri, made);
    return made;
  };
}
