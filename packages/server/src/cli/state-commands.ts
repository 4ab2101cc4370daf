import { type Command, CommanderError, Option } from 'commander';
import { RESPONSE_TYPES } from '../model/client.ts';
import { act, withResult, withServer, withTenant } from './action.ts';
import type { ApiOptions } from './api.ts';
import { CommandError } from './command-error.ts';
import type { DoctorOptions } from './doctor.ts';
import type { ExportOptions } from './export.ts';
import type { LoginOptions } from './login.ts';
import type { ApplyOptions, PlanOptions } from './plan-command.ts';
import type { ResultOptions } from './result.ts';
import type { TryOptions } from './try-client.ts';

/** The code of wrong usage of a command that ends with 2 when there is something to do. */
export const WRONG_QUESTION = 'signet.wrongQuestion';

/** Declares the commands that compare what is configured with what is: `plan`, `apply`, `export`, `doctor`. */
export function declareStateCommands(signet: Command): void {
  const compared = (usage: string, description: string): Command =>
    withServer(withTenant(signet.command(usage).description(description)))
      .option('--prune', 'delete the clients and users that the file has made and names no more')
      .addOption(form());
  answeringByCode(
    compared('plan', 'tell what apply would change; ends with 2 when there is anything'),
  ).action(answering(act<PlanOptions>(async (options) => (await import('./apply.ts')).plan(options))));
  compared('apply', 'make the stored clients and users what the configuration file says, all or nothing')
    .option('--yes', 'do not ask')
    .action(act<ApplyOptions>(async (options) => (await import('./apply.ts')).apply(options)));
  withServer(withTenant(signet.command('export')))
    .description('write what is stored as a configuration file')
    .option('--to <file>', 'a new file, which only this user can read (default: standard output)')
    .option(
      '--with-secrets',
      'with the hashes of passwords and what else of secrets can be given; needs --to',
    )
    .action(act<ExportOptions>(async (options) => (await import('./export.ts')).write(options)));
  answeringByCode(signet.command('doctor').addOption(form()))
    .description(
      'look at the installation and tell what to change; ends with 2 for advice, with 1 for a fault',
    )
    .action(answering(act<DoctorOptions>(async (options) => (await import('./doctor.ts')).doctor(options))));
}

/** Declares `signet login` and `signet logout`. */
export function declareLogin(signet: Command): void {
  withResult(signet.command('login <server>'))
    .description('sign in at a server, for commands with --server')
    .option('--no-browser', 'open no browser: print the address, and take the answer from the keyboard too')
    .action(
      act<LoginOptions>(async (options, server) => (await import('./login.ts')).login(options, server)),
    );
  withResult(signet.command('logout <server>'))
    .description('sign out at a server, and forget what was kept for it')
    .action(
      act<ResultOptions>(async (options, server) => (await import('./login.ts')).logout(options, server)),
    );
}

/** Declares `signet api`. */
export function declareApi(signet: Command): void {
  withServer(signet.command('api <path>'))
    .description("ask a server's API for administrators, such as /audit?action=user.locked")
    .addOption(
      new Option('--method <method>', 'how').choices(['GET', 'POST', 'PATCH', 'DELETE']).default('GET'),
    )
    .option('--file <file>', 'what to send, in JSON or YAML; - is standard input')
    .option('--all', 'all pages of a list')
    .addOption(
      new Option('--output <form>', 'how the answer is written')
        .choices(['json', 'yaml', 'table'])
        .default('json'),
    )
    .action(act<ApiOptions>(async (options, path) => (await import('./api.ts')).request(options, path)));
}

/** Declares `signet try`. */
export function declareTry(signet: Command): void {
  withTenant(signet.command('try <client>'))
    .description("play an application's part against the running server, and tell each step and token")
    .option('--scope <scopes>', 'scope to ask for (default: all that the client may have)')
    .option('--prompt <values>', 'prompt to send, such as login or consent')
    .addOption(
      new Option('--response-type <type>', 'flow to play (default: code where the client has it)').choices(
        RESPONSE_TYPES,
      ),
    )
    .option('--no-browser', 'open no browser: print the address, and take the answer from the keyboard too')
    .option('--raw', 'print tokens in full, and leave them good')
    .option('--secret-file <file>', 'take the client secret from a file')
    .option('--secret-stdin', 'take the client secret from standard input')
    .option('--secret-prompt', 'ask for the client secret')
    .option('--key <file>', 'sign with this private key (PEM or JWK), for private_key_jwt')
    .addOption(form())
    .action(act<TryOptions>(async (options, id) => (await import('./try.ts')).tryClient(options, id)));
}

const form = (): Option =>
  new Option('--output <form>', 'how it is written').choices(['text', 'json']).default('text');

/** Has wrong usage told from the answer 2. */
const answeringByCode = (command: Command): Command =>
  command.exitOverride((fault) => {
    throw new CommanderError(
      fault.exitCode,
      fault.exitCode === 0 ? fault.code : WRONG_QUESTION,
      fault.message,
    );
  });

type Action = (...given: readonly unknown[]) => Promise<void>;

/** The same for what the command itself finds wrong. */
const answering =
  (action: Action): Action =>
  async (...given) => {
    try {
      await action(...given);
    } catch (fault) {
      throw fault instanceof CommandError ? new CommandError('fault', fault.message) : fault;
    }
  };
