import { limits } from './limits.ts';

export type Loaded<T> = { value: T; maxAge: number | undefined };

/** A document of the issuer, kept while it is fresh and fetched again when it is not. */
export type Refreshing<T> = {
  /** The document. Rejects with the reason when there is none that may be used. */
  current: () => Promise<T>;
  /** A newer document than the one known, or undefined while it is too early to ask. Rejects when asking failed. */
  renew: (known: T) => Promise<T | undefined>;
};

export type RefreshingOptions = { now: () => number; warn: (message: string) => void };

/**
 * Keeps what `load` gives: concurrent callers share one request, a failure is not repeated before a pause, and the
 * last good document is used for a bounded time while the issuer does not answer.
 */
export function refreshing<T>(load: () => Promise<Loaded<T>>, options: RefreshingOptions): Refreshing<T> {
  const { now, warn } = options;
  let kept: { value: T; loadedAt: number; freshUntil: number } | undefined;
  let failure: { reason: unknown } | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let underway: Promise<T> | undefined;

  async function ask(): Promise<T> {
    askedAt = now();
    try {
      const { value, maxAge } = await load();
      kept = { value, loadedAt: now(), freshUntil: now() + freshFor(maxAge) * 1000 };
      failure = undefined;
      return value;
    } catch (reason) {
      failure = { reason };
      warn(reason instanceof Error ? reason.message : String(reason));
      throw reason;
    } finally {
      underway = undefined;
    }
  }

  function reload(): Promise<T> {
    underway ??= ask();
    return underway;
  }

  const isWithin = (seconds: number, since: number): boolean => now() - since < seconds * 1000;

  async function current(): Promise<T> {
    if (kept && now() < kept.freshUntil) return kept.value;
    const old = kept && isWithin(limits.staleFor, kept.loadedAt) ? kept : undefined;
    if (failure && !underway && isWithin(limits.pauseAfterFailure, askedAt)) {
      if (old) return old.value;
      throw failure.reason;
    }
    const reloaded = reload();
    if (!old) return reloaded;
    // While the issuer hangs, requests must not wait for it each time a pause has passed.
    if (failure) {
      reloaded.catch(() => undefined);
      return old.value;
    }
    return reloaded.catch(() => old.value);
  }

  async function renew(known: T): Promise<T | undefined> {
    if (kept && kept.value !== known) return kept.value;
    if (underway) return underway;
    if (failure && isWithin(limits.pauseAfterFailure, askedAt)) throw failure.reason;
    if (!failure && isWithin(limits.pauseBetweenRenewals, askedAt)) return undefined;
    return reload();
  }

  return { current, renew };
}

function freshFor(maxAge: number | undefined): number {
  return Math.min(Math.max(maxAge ?? limits.freshUsually, limits.freshAtLeast), limits.freshAtMost);
}
