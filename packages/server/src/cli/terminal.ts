/** Writes a result to standard output, and nothing else ever. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Tells people something on standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Columns of the terminal that results are written to; undefined for a file or pipe, and where it does not know them. */
export const terminalWidth = (): number | undefined =>
  process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : undefined;

/** Whether somebody sits at the keyboard and sees the questions. */
export const isInteractive = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** What a terminal would obey: control characters and changes of direction, but no joiners, which some scripts and emoji need. */
const COMMANDS = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from outside that a terminal only shows. */
export const printable = (text: string): string => text.replaceAll(COMMANDS, escaped);

/** A value in words: a text as it is, anything else as JSON. */
export const wordOf = (value: unknown): string =>
  printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** JSON for programs, safe to look at as well. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(COMMANDS, (found) => (found === '\n' ? found : escaped(found)));

const escaped = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

const MOST_NAMES = 10;

/** Names in a sentence, of many the first ones. */
export function someOf(names: readonly string[], between: string): string {
  const shown = names.slice(0, MOST_NAMES).join(between);
  return names.length <= MOST_NAMES ? shown : `${shown} and ${names.length - MOST_NAMES} more`;
}
