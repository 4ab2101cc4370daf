import type { Command } from 'commander';
import type { GivenBody } from './api-flags.ts';
import type { Members } from './remote.ts';
import type { ResultOptions } from './result.ts';

/** What a command does in a way of its own, where flags made of the schema would not serve people well. */
export type Special = Readonly<{
  /** Names what is worked on, beside what the path names. */
  operand?: string;
  flags?: (command: Command) => Command;
  /** What is sent, from flags, files and the keyboard. */
  body?: (options: Members, named: string) => Promise<GivenBody>;
  /** Another operation that the flags mean. */
  instead?: (options: Members) => string | undefined;
  print?: (options: ResultOptions, body: Members) => void;
}>;
