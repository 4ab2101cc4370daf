import type { Command } from 'commander';
import { act, withResult, withServer, withTenant } from './action.ts';
import type { ServerOptions } from './remote.ts';
import type { NewUserOptions, PasswordOptions, SessionOptions, UserOptions } from './users.ts';

/** Declares `signet user …`. */
export function declareUserCommands(signet: Command): void {
  const user = signet.command('user').description('people who sign in');
  // The same verbs, on the configured database or at a server elsewhere.
  const work = ({ server }: ServerOptions) =>
    server === undefined ? import('./users.ts') : import('./remote-users.ts');
  const declare = (usage: string, description: string): Command =>
    withServer(withResult(withTenant(user.command(usage).description(description))));

  declare('list', 'list all users').action(
    act<UserOptions & ServerOptions>(async (options) => (await work(options)).listAll(options)),
  );
  withPassword(declare('create <name>', 'create a user'))
    .option('--no-password', 'create a user who cannot sign in with a password yet')
    .option('--name <text>', 'the claim name')
    .option('--email <address>', 'the claim email')
    .option('--claim <name=value>', 'a claim, in JSON or as plain text; may be repeated', collect)
    .option('--admin', 'let the person administer this provider')
    .action(
      act<NewUserOptions & ServerOptions>(async (options, name) =>
        (await work(options)).create(options, name),
      ),
    );
  withPassword(
    declare('set-password <name>', 'set a new password; every session and token of the user ends'),
  ).action(
    act<PasswordOptions & ServerOptions>(async (options, name) =>
      (await work(options)).changePassword(options, name),
    ),
  );
  declare('disable <name>', 'refuse sign-in; every session and token of the user ends').action(
    act<UserOptions & ServerOptions>(async (options, name) => (await work(options)).disable(options, name)),
  );
  declare('enable <name>', 'allow sign-in again').action(
    act<UserOptions & ServerOptions>(async (options, name) => (await work(options)).enable(options, name)),
  );
  declare('lock <name>', 'refuse sign-in until the user is unlocked; sessions go on').action(
    act<UserOptions & ServerOptions>(async (options, name) => (await work(options)).lock(options, name)),
  );
  declare('unlock <name>', 'end a lock, with the failures and waits that led to it').action(
    act<UserOptions & ServerOptions>(async (options, name) => (await work(options)).unlock(options, name)),
  );
  declare('sessions <name>', 'list where the user is signed in')
    .option('--end', 'sign the user out everywhere')
    .action(
      act<SessionOptions & ServerOptions>(async (options, name) =>
        (await work(options)).sessions(options, name),
      ),
    );
}

/** Adds the places a password can come from; without one it is asked for. */
const withPassword = (command: Command): Command =>
  command
    .option('--password-file <file>', 'take the password from a file')
    .option('--password-stdin', 'take the password from standard input');

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
