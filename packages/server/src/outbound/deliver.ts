import { setTimeout as pause } from 'node:timers/promises';
import { OutboundRefused } from './refused.ts';
import type { SafeFetch } from './safe-fetch.ts';

/** Milliseconds before each further attempt. */
const AGAIN_AFTER = [250, 2000];

/**
 * Posts a form to another server, a few times if that is away or at fault. Fulfilled when it was taken; rejected when it was refused, by us
 * or by the other side, or when nobody took it.
 */
export type Deliver = (url: string, form: Readonly<Record<string, string>>) => Promise<void>;

export function deliverer(fetchSafely: SafeFetch): Deliver {
  const attempt = async (url: string, body: string): Promise<'taken' | Error> => {
    try {
      const { status } = await fetchSafely(url, body);
      if (status >= 200 && status < 300) return 'taken';
      const refused = new Error(`${new URL(url).origin} answered with status ${status}`);
      if (status < 500 && status !== 429) throw new DeliveryRefused(refused.message);
      return refused;
    } catch (fault) {
      if (fault instanceof OutboundRefused || fault instanceof DeliveryRefused) throw fault;
      return fault instanceof Error ? fault : new Error(String(fault));
    }
  };
  return async (url, form) => {
    const body = new URLSearchParams(form).toString();
    let outcome = await attempt(url, body);
    for (const wait of AGAIN_AFTER) {
      if (outcome === 'taken') return;
      await pause(wait);
      outcome = await attempt(url, body);
    }
    if (outcome !== 'taken') throw outcome;
  };
}

/** The other side has understood, and does not want it. */
class DeliveryRefused extends Error {
  override name = 'DeliveryRefused';
}
