import { abandonIdempotent, beginIdempotent, finishIdempotent } from '../admin/idempotency.ts';
import type { Answer, Call, Operation } from './operation.ts';
import { Problem } from './problem.ts';

/** Does the work once for all requests of one caller with one `Idempotency-Key`; the others get the same answer. */
export async function once(call: Call, operation: Operation): Promise<Answer> {
  const { provider, caller, idempotency_key: key } = call;
  if (key === undefined) return operation.work(call);
  if (!/^[\x21-\x7E]{1,255}$/.test(key))
    throw new Problem('malformed-request', 'Idempotency-Key must be 1 to 255 printable characters.');
  const { client } = caller;
  const name = [caller.actor, client.metadata.client_id, operation.id, key].join('\n');
  const begun = await beginIdempotent<Answer>(provider, name, JSON.stringify(call.body));
  if (begun.kind === 'answered') return begun.answer;
  if (begun.kind === 'other')
    throw new Problem('conflict', 'That Idempotency-Key was used for another request.');
  if (begun.kind === 'underway')
    throw new Problem('conflict', 'A request with that Idempotency-Key is being answered. Try again.');
  const answer = await operation.work(call).catch(async (fault: unknown) => {
    await abandonIdempotent(provider, name);
    throw fault;
  });
  await finishIdempotent(provider, name, answer);
  return answer;
}
