import { setTimeout as pause } from 'node:timers/promises';
import * as oauth from 'oauth4webapi';
import { type ExplainedRefusal, explainRefusal } from '../admin/explain.ts';
import { isRecord } from '../admin/fault.ts';
import type { Provider } from '../keys/provider.ts';
import { causeOf } from './authorize.ts';
import { CommandError } from './command-error.ts';
import type { Tried } from './try-client.ts';

/** The outcome of a step; a refusal ends the command with what Signet knows of it. */
export async function asked<Result>(
  { provider, tell }: Tried,
  step: string,
  how: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof CommandError) throw fault;
    const told = await refusalOf(fault);
    const reference = /\(ref ([0-9A-Z]+)\)/.exec(told)?.[1];
    const known = reference === undefined ? undefined : await refusalBehind(provider, reference);
    tell({ step, says: `${how} was refused: ${told}` });
    const fix = known === undefined ? '' : `\n${known.says}\nTo mend it: ${known.fix}`;
    throw new CommandError('fault', `${step} failed: ${told}${fix}`);
  }
}

async function refusalOf(fault: unknown): Promise<string> {
  if (fault instanceof oauth.ResponseBodyError || fault instanceof oauth.AuthorizationResponseError)
    return `${fault.error}: ${fault.error_description ?? ''}`;
  if (!(fault instanceof oauth.WWWAuthenticateChallengeError) || fault.response.bodyUsed)
    return causeOf(fault);
  const body: unknown = await fault.response.json().catch(() => undefined);
  if (!isRecord(body)) return causeOf(fault);
  const { error, error_description } = body;
  return [error, error_description].filter((part) => typeof part === 'string').join(': ');
}

/** Milliseconds between two looks, and how many there are: the server stores a refusal after it has answered. */
const PAUSE = 100;
const LOOKS = 10;

async function refusalBehind(provider: Provider, reference: string): Promise<ExplainedRefusal | undefined> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const found = await explainRefusal(provider, reference);
    if (found !== undefined) return found;
    await pause(PAUSE);
  }
  return undefined;
}
