import { type Command, Option } from 'commander';

/** What a command does with its options, those of the whole program included, and its operands. */
type Work<Options extends object> = (options: Options, operand: string) => Promise<void>;

/** The action of a command that prints a result. Every such command has one operand or none. */
export function act<Options extends object>(work: Work<Options>) {
  return async (...given: readonly unknown[]): Promise<void> => {
    // commander gives the command itself last.
    const command = given.at(-1) as Command;
    // A reader such as `head` has seen enough.
    process.stdout.on('error', () => process.exit());
    await work(command.optsWithGlobals<Options>(), command.args[0] ?? '');
  };
}

/** Adds the option that chooses among several tenants. */
export const withTenant = (command: Command): Command =>
  command.option('--tenant <name>', 'tenant to work on, when there are several');

/** Adds the option that names a server elsewhere. */
export const withServer = (command: Command): Command =>
  command.option('--server <url>', 'work on that server, where you are signed in (signet login)');

/** Adds the options that choose how a result is written. */
export const withResult = (command: Command): Command =>
  command
    .addOption(
      new Option('--output <form>', 'how results are written')
        .choices(['table', 'json', 'yaml'])
        .default('table'),
    )
    .option('-q, --quiet', 'print ids alone');
