import type { Provider } from '../keys/provider.ts';
import { type Explanation, explain } from '../oauth/explain.ts';

/** Why the request with that reference was refused; undefined when the reference is unknown or older than a week. */
export async function explainRefusal(
  provider: Provider,
  reference: string,
): Promise<Explanation | undefined> {
  const refusal = await provider.store.findRefusal(provider.tenant.id, reference.trim().toUpperCase());
  return refusal && explain(refusal);
}
