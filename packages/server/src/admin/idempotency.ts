import type { Provider } from '../keys/provider.ts';
import { openText, sealText } from '../keys/tenant-secrets.ts';
import { sha256 } from '../model/secret.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LABEL = 'idempotent answer';

export type Begun<Answer> = Readonly<
  | { kind: 'begun' }
  | { kind: 'answered'; answer: Answer }
  /** Another request had that name. */
  | { kind: 'other' }
  /** The same request is being done, or was broken off less than a minute ago. */
  | { kind: 'underway' }
>;

/** Begins what is to be done once under a name, or tells what came of it within a day. The answer is kept sealed, for it may hold a secret. */
export async function beginIdempotent<Answer>(
  { store, tenant, clock, secrets }: Provider,
  name: string,
  request: string,
): Promise<Begun<Answer>> {
  const request_hash = sha256(request);
  const claim = { key_hash: sha256(name), request_hash, abandonedAfter: MINUTE, keptFor: DAY };
  const found = await store.claimIdempotencyKey(tenant.id, claim, clock());
  if (found.kind === 'claimed') return { kind: 'begun' };
  if (!request_hash.equals(found.request_hash)) return { kind: 'other' };
  const answer =
    found.answer === null ? undefined : openText<Answer>(secrets.opaqueTokens, LABEL, found.answer);
  return answer === undefined ? { kind: 'underway' } : { kind: 'answered', answer };
}

export const finishIdempotent = (
  { store, tenant, secrets, random }: Provider,
  name: string,
  answer: unknown,
): Promise<void> =>
  store.settleIdempotencyKey(tenant.id, sha256(name), sealText(secrets.opaqueTokens, LABEL, answer, random));

/** Nothing was done: the name is free again. */
export const abandonIdempotent = ({ store, tenant }: Provider, name: string): Promise<void> =>
  store.settleIdempotencyKey(tenant.id, sha256(name), null);
