import type { Clock } from '../model/clock.ts';
import type { RecordRefusal } from '../model/refusal.ts';
import type { Random } from '../model/secret.ts';
import type { Store } from '../store/store.ts';

/** Digits that are not mistaken for one another when read aloud (Crockford's base 32). */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** More than these in a minute get a reference but no row, so that nobody can fill the disk with refusals. */
const MOST_PER_MINUTE = 600;

type Tools = Readonly<{
  store: Store;
  tenant: number;
  clock: Clock;
  random: Random;
  onFault: (fault: unknown) => void;
}>;

/** Stores refusals without holding up the answer; a refusal that cannot be stored is still a refusal. */
export function refusalRecorder({ store, tenant, clock, random, onFault }: Tools): RecordRefusal {
  let minute = 0;
  let count = 0;
  return (refusal) => {
    const at = clock();
    const reference = [...random(8)].map((byte) => DIGITS[byte % 32]).join('');
    count = Math.floor(at / 60_000) === minute ? count + 1 : 1;
    minute = Math.floor(at / 60_000);
    if (count <= MOST_PER_MINUTE) store.saveRefusal(tenant, { ...refusal, reference, at }).catch(onFault);
    return reference;
  };
}
