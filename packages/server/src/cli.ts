import { Command, CommanderError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { act, withResult, withServer } from './cli/action.ts';
import { CommandError, EXIT } from './cli/command-error.ts';
import type { ShowOptions, ValidateOptions } from './cli/config.ts';
import { declareDatabaseCommands } from './cli/database-commands.ts';
import type { DevOptions } from './cli/dev-config.ts';
import type { ExplainOptions } from './cli/explain.ts';
import type { HealthcheckOptions } from './cli/healthcheck.ts';
import type { ServeOptions } from './cli/serve.ts';
import {
  declareApi,
  declareLogin,
  declareStateCommands,
  declareTry,
  WRONG_QUESTION,
} from './cli/state-commands.ts';
import { say } from './cli/terminal.ts';
import { declareTokenCommands } from './cli/token-commands.ts';
import type { WorkerOptions } from './cli/worker.ts';

/** Runs the command that the arguments name. A command that fails says why on standard error and sets the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    const signet = program();
    // All that the interface has are commands too, and are loaded only when they are wanted.
    if (!signet.commands.some((known) => known.name() === commandIn(args)))
      (await import('./cli/api-commands.ts')).declareApiCommands(signet);
    await signet.parseAsync(args, { from: 'user' });
  } catch (fault) {
    process.exitCode = await report(fault);
  }
}

/** The first argument that is neither an option nor the value of one. */
function commandIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg, index) => !arg.startsWith('-') && args[index - 1] !== '--config');
  return args[at];
}

const EXIT_CODES = `
Exit codes:
  0  done
  1  the server, the database or the machine failed
  2  wrong options, invalid input or an invalid configuration
  3  not found
  4  exists already, or cannot be changed as it is
  5  not confirmed
  6  migrations are waiting (migrate --check)
plan and doctor end with 2 when there is something to do, and with 1 for whatever went wrong.
`;

function program(): Command {
  const signet = new Command('signet')
    .description('OpenID Connect provider and OAuth 2.0 authorization server.')
    .version(manifest.version)
    .option('--config <file>', 'configuration file (default: SIGNET_CONFIG, else signet.yaml in this folder)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  declareServers(signet);
  declareConfigCommands(signet);
  declareTokenCommands(signet);
  declareStateCommands(signet);
  declareTry(signet);
  declareLogin(signet);
  declareApi(signet);
  declareDatabaseCommands(signet);
  withServer(withResult(signet.command('explain <reference>')))
    .description('tell why a request was refused, by the reference that the refusal carried')
    .action(
      act<ExplainOptions>(async (options, reference) =>
        (await import('./cli/explain.ts')).explain(options, reference),
      ),
    );
  return signet;
}

function declareServers(signet: Command): void {
  signet
    .command('serve')
    .description('serve until a signal ends it')
    .option('--workers <number>', 'processes that share the work on this machine', '1')
    .action(async (_options: unknown, command: Command) =>
      (await import('./cli/serve.ts')).serve(command.optsWithGlobals<ServeOptions>()),
    );
  // Started by `serve --workers` alone.
  signet
    .command('worker', { hidden: true })
    .requiredOption('--port <number>')
    .requiredOption('--processes <number>')
    .requiredOption('--format <form>')
    .action(async (_options: unknown, command: Command) =>
      (await import('./cli/worker.ts')).work(command.optsWithGlobals<WorkerOptions>()),
    );
  signet
    .command('healthcheck')
    .description('ask the server on this machine how it is; ends with 0 when it is well')
    .addOption(
      new Option('--probe <probe>', 'what to ask').choices(['live', 'ready', 'started']).default('ready'),
    )
    .action(
      act<HealthcheckOptions>(async (options) => (await import('./cli/healthcheck.ts')).healthcheck(options)),
    );
  signet
    .command('dev')
    .description(
      'serve with throw-away data, people and clients, for developing an application on this machine',
    )
    .option('--port <number>', 'port to listen on (default: that of the issuer, else 8080)')
    .option('--issuer <url>', 'issuer, which must name this machine (default: http://localhost and the port)')
    .option('--data <folder>', 'keep the data there (default: in memory, gone at the end)')
    .action(async (_options: unknown, command: Command) =>
      (await import('./cli/dev.ts')).dev(command.optsWithGlobals<DevOptions>()),
    );
}

function declareConfigCommands(signet: Command): void {
  const config = signet.command('config').description('look at the configuration');
  const work = () => import('./cli/config.ts');
  const form = (choices: readonly [string, string]) =>
    new Option('--output <form>', 'how it is written').choices(choices).default(choices[0]);
  config
    .command('validate')
    .description('check it, and tell every fault at once')
    .addOption(form(['text', 'json']))
    .action(act<ValidateOptions>(async (options) => (await work()).validate(options)));
  config
    .command('show')
    .description('print what is in effect and where each value came from, without secrets')
    .addOption(form(['yaml', 'json']))
    .action(act<ShowOptions>(async (options) => (await work()).show(options)));
  config
    .command('schema')
    .description('print the JSON Schema of the configuration file')
    .action(act(async () => (await work()).schema()));
}

/** Says what went wrong and returns the exit code. */
async function report(fault: unknown): Promise<number> {
  // commander has said it already.
  if (fault instanceof CommanderError) return usageCode(fault);
  const error = fault instanceof Error ? fault : new Error(String(fault));
  say(sentenceOf(error));
  const { readEnvironment } = await import('./config/source-environment.ts');
  const { SIGNET_LOG_LEVEL: level } = readEnvironment();
  if (level === 'debug' || level === 'trace') say(error.stack ?? '');
  return error instanceof CommandError ? error.exitCode : EXIT.fault;
}

/** Where 2 means that there is something to do, wrong usage is a fault like any other. */
function usageCode({ exitCode, code }: CommanderError): number {
  if (exitCode === 0) return 0;
  return code === WRONG_QUESTION ? EXIT.fault : EXIT.usage;
}

/** Faults whose message is a sentence for the operator, or the system's own. */
const TOLD_PLAINLY = ['Error', 'CommandError', 'DatabaseRefused', 'WrongMasterSecret'];

function sentenceOf({ name, message }: Error): string {
  if (name === 'StoreUnavailable') return `The database did not do what it was asked: ${message}`;
  return TOLD_PLAINLY.includes(name) ? message : `${name}: ${message}`;
}
