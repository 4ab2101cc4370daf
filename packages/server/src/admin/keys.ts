import type { Provider } from '../keys/provider.ts';
import type { SigningAlgorithm } from '../model/client.ts';
import { isoTime } from '../model/clock.ts';
import { audit } from './audit.ts';

/** A signing key as an operator sees it. */
export type KeyView = Readonly<{
  kid: string;
  alg: SigningAlgorithm;
  state: 'next' | 'current' | 'former';
  published_at: string;
  active_from: string;
  retire_at?: string;
}>;

export async function listKeys(provider: Provider): Promise<readonly KeyView[]> {
  const keys = await provider.keyring.published();
  const now = provider.clock();
  const views = await Promise.all(
    keys.map(async (key): Promise<KeyView> => {
      const signing = key.active_from <= now && (await provider.keyring.current(key.alg)).kid === key.kid;
      return {
        kid: key.kid,
        alg: key.alg,
        state: signing ? 'current' : key.active_from > now ? 'next' : 'former',
        published_at: isoTime(key.created_at),
        active_from: isoTime(key.active_from),
        ...(key.retire_at !== null && { retire_at: isoTime(key.retire_at) }),
      };
    }),
  );
  return views;
}

/** Rotates one algorithm, or all that are in use; where none is, the provider's own gets its first key. Returns the algorithms for which a new key was published. */
export async function rotateKeys(
  provider: Provider,
  wish: { alg?: SigningAlgorithm | undefined; when: 'after-lead' | 'now' },
): Promise<readonly SigningAlgorithm[]> {
  const used = new Set((await provider.keyring.published()).map((key) => key.alg));
  const usual = used.size === 0 ? [provider.tenant.profile.signing_algorithm] : [...used];
  const algorithms = wish.alg === undefined ? usual : [wish.alg];
  const rotated: SigningAlgorithm[] = [];
  for (const alg of algorithms) {
    if (!(await provider.keyring.rotate(alg, wish.when))) continue;
    rotated.push(alg);
    await audit(provider, { action: 'key.rotated', subject: alg, facts: { signs: wish.when } });
  }
  return rotated;
}
