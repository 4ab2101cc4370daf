import { CommandError } from './command-error.ts';
import { readText } from './input.ts';
import { askNewSecret } from './prompt.ts';
import { isInteractive } from './terminal.ts';

/** Where a secret is to come from; never from an argument, which every process of the machine could see. */
export type SecretSource = Readonly<{
  file?: string | undefined;
  stdin?: boolean | undefined;
  prompt?: boolean | undefined;
}>;

const MOST_BYTES = 8 * 1024;

/** The secret without the line end after it; undefined when no source is given. */
export async function readSecret(what: string, source: SecretSource): Promise<string | undefined> {
  const { file, stdin = false, prompt = false } = source;
  if (Number(file !== undefined) + Number(stdin) + Number(prompt) > 1) {
    throw new CommandError('usage', `Say in one way where the ${what} comes from.`);
  }
  if (prompt) {
    if (!isInteractive()) throw new CommandError('usage', `Nobody is there to be asked for the ${what}.`);
    return askNewSecret(what.replace(/^./, (letter) => letter.toUpperCase()));
  }
  if (file === undefined && !stdin) return undefined;
  const secret = (await readText(file ?? '-', MOST_BYTES)).replace(/\r?\n$/, '');
  if (secret === '') throw new CommandError('usage', `The ${what} is empty.`);
  return secret;
}
