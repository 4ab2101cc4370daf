import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { explainRefusal } from '../../src/admin/explain.ts';
import type { Explanation } from '../../src/oauth/explain.ts';
import { type Answered, answerOf, type Seen } from './person.ts';
import type { Signet } from './signet.ts';

/** The reference that a refusal gave, in JSON, in a redirect or on a page. */
export function referenceIn(refused: Answered | Seen): string {
  const description = 'body' in refused ? refused.body['error_description'] : descriptionIn(refused);
  const found = /\(ref ([0-9A-Z]{8})\)/.exec(String(description))?.[1];
  const shown = 'text' in refused ? /id="reference">([0-9A-Z]{8})</.exec(refused.text)?.[1] : undefined;
  return found ?? shown ?? assert.fail('there is no reference in the answer');
}

const descriptionIn = (seen: Seen): string | undefined =>
  seen.location === undefined ? undefined : answerOf(seen)['error_description'];

/** What `signet explain` tells of it. */
export async function explained(signet: Signet, refused: Answered | Seen): Promise<Explanation> {
  // It is stored behind the answer, in the next turn of the loop.
  await setImmediate();
  const explanation = await explainRefusal(signet.provider, referenceIn(refused));
  return explanation ?? assert.fail('the refusal was not stored');
}
