import type { SigningAlgorithm } from '../model/client.ts';
import type { Clock } from '../model/clock.ts';
import type { StoredDefinition } from '../model/definition.ts';
import type { Random } from '../model/secret.ts';
import type { Store } from '../store/store.ts';
import { newSigningKey, openSigningKey, type SigningKey } from './signing-key.ts';

/** Seconds for which others may keep the published key set; a new key waits at least twice as long before it signs. */
export const KEY_SET_MAX_AGE = 300;
const LEAD = 2 * KEY_SET_MAX_AGE * 1000;
/** Milliseconds after which a store that was away is asked again. */
const ASK_AGAIN = 1000;
/** A key signs for so long before a new one follows. */
const ROTATION_PERIOD = 90 * 86_400_000;

/** A tenant's signing keys: next ones published, one per algorithm current, former ones kept while their tokens live. */
export type Keyring = Readonly<{
  /** The key that signs now with that algorithm; made at once when there is none. */
  current(alg: SigningAlgorithm): Promise<SigningKey>;
  /** All published keys, oldest first; the same array as before while nothing has changed. */
  published(): Promise<readonly SigningKey[]>;
  /**
   * Publishes a new key; it signs after the lead time, or at once in an emergency or when there is none. False when there is already
   * one that waits for its time.
   */
  rotate(alg: SigningAlgorithm, when: 'after-lead' | 'now'): Promise<boolean>;
  /** Rotates what is due and forgets what is over. */
  maintain(): Promise<void>;
}>;

type Tools = Readonly<{
  store: Store;
  tenant: number;
  sealing: Uint8Array;
  clock: Clock;
  random: Random;
  /** Name of the very first key of an algorithm; all others are made at random. */
  first?: Readonly<{ kid: string; alg: SigningAlgorithm }> | undefined;
  /** Milliseconds for which a token must stay verifiable after its key signed last, where no client has longer-lived ones. */
  longestToken: number;
}>;

export function keyring(tools: Tools): Keyring {
  const { store, tenant, sealing, clock, random } = tools;
  let keys: readonly SigningKey[] | undefined;
  let seen = store.foreignChanges();
  let isLoading = false;
  let askAgainAt = 0;

  const load = async (): Promise<readonly SigningKey[]> => {
    const opened = new Map(keys?.map((key) => [key.kid, key]));
    const stored = await store.listKeys(tenant);
    const loaded = stored.map((key) => {
      const known = opened.get(key.kid);
      if (known === undefined) return openSigningKey(key, sealing);
      return known.retire_at === key.retire_at ? known : { ...known, retire_at: key.retire_at };
    });
    // The same array as long as the keys are the same.
    const unchanged = keys?.length === loaded.length && loaded.every((key, index) => key === keys?.[index]);
    keys = unchanged && keys !== undefined ? keys : loaded;
    return keys;
  };

  // Another process (the command line, another node) may have rotated: its commit shows in the stamp.
  const upToDate = async (): Promise<readonly SigningKey[]> => {
    if (keys !== undefined && (isLoading || clock() < askAgainAt)) return keys;
    isLoading = true;
    try {
      const stamp = store.foreignChanges();
      if (keys === undefined || stamp !== seen) await load();
      seen = stamp;
    } catch (fault) {
      // Known keys stay good while the store is away: a new one is published long before it signs.
      if (keys === undefined) throw fault;
      askAgainAt = clock() + ASK_AGAIN;
    } finally {
      isLoading = false;
    }
    return keys ?? [];
  };

  const published = async (): Promise<readonly SigningKey[]> => {
    const fresh = await upToDate();
    const now = clock();
    return fresh.some((key) => over(key, now)) ? fresh.filter((key) => !over(key, now)) : fresh;
  };

  /** Milliseconds, of tokens too for which a client, a resource or a changed setting says how long they live. */
  const longestToken = async (): Promise<number> => {
    const clients = await store.listClients(tenant);
    const lives = [
      ...clients.map(({ metadata }) => metadata.access_token_lifetime ?? 0),
      ...(await store.listDefinitions(tenant)).map(lifeOfTokens),
    ];
    return Math.max(tools.longestToken, 1000 * Math.max(0, ...lives));
  };

  const add = async (alg: SigningAlgorithm, active_from: number, unlessSince: number): Promise<boolean> => {
    const { first } = tools;
    const others = await store.listKeys(tenant);
    const isFirst = first?.alg === alg && !others.some((key) => key.alg === alg || key.kid === first.kid);
    const kid = isFirst ? first.kid : undefined;
    const key = await newSigningKey(alg, sealing, { created_at: clock(), active_from }, { random, kid });
    const retireOthersAt = active_from + (await longestToken());
    const added = await store.addKey(tenant, key, { unlessSince, retireOthersAt });
    await load();
    return added;
  };

  // The newest, also where an emergency has overtaken a key that still waits for its time.
  const signing = async (alg: SigningAlgorithm): Promise<SigningKey | undefined> => {
    const now = clock();
    const candidates = (await published()).filter((key) => key.alg === alg);
    // By a clock that was set back, or lags that of the node that made the keys, none may sign yet: then the oldest does.
    return candidates.findLast((key) => key.active_from <= now) ?? candidates[0];
  };

  return {
    published,

    async current(alg) {
      const key = await signing(alg);
      if (key !== undefined) return key;
      await add(alg, clock(), 0);
      const made = await signing(alg);
      if (made === undefined) throw new Error(`There is no key for ${alg}.`);
      return made;
    },

    async rotate(alg, when) {
      const now = clock();
      const signer = await signing(alg);
      if (signer === undefined) return add(alg, now, 0);
      return when === 'now' ? add(alg, now, now) : add(alg, now + LEAD, signer.created_at);
    },

    async maintain() {
      const now = clock();
      const algorithms = new Set((await published()).map((key) => key.alg));
      for (const alg of algorithms) {
        const newest = Math.max(
          ...(await published()).filter((key) => key.alg === alg).map((key) => key.created_at),
        );
        if (now - newest > ROTATION_PERIOD) await add(alg, now + LEAD, now - ROTATION_PERIOD);
      }
      if (keys?.some((key) => over(key, now)) === true) {
        await store.deleteKeys(tenant, now);
        await load();
      }
    },
  };
}

/** Seconds that a definition gives tokens; 0 where it says nothing of them. */
function lifeOfTokens(definition: StoredDefinition): number {
  if (definition.kind === 'resource') return definition.value.access_token_lifetime ?? 0;
  if (definition.kind !== 'settings') return 0;
  const { 'lifetimes.access_token': access = 0, 'lifetimes.id_token': id = 0 } = definition.value;
  return Math.max(Number(access), Number(id));
}

const over = (key: SigningKey, now: number): boolean => key.retire_at !== null && key.retire_at < now;
