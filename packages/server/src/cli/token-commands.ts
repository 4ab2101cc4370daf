import type { Command } from 'commander';
import { act, withResult, withTenant } from './action.ts';
import type { ListOptions, NewTokenOptions, TokenOptions } from './tokens.ts';

/** Declares `signet token …`. */
export function declareTokenCommands(signet: Command): void {
  const token = signet.command('token').description('tokens that people use in the place of a password');
  const work = () => import('./tokens.ts');
  const declare = (usage: string, description: string): Command =>
    withResult(withTenant(token.command(usage).description(description)));

  declare('create <username>', 'make a token, which is told here and never again')
    .option('-e, --expires <length>', 'how long it is good: 90s, 15m, 24h, 30d')
    .option('-a, --auto-refresh <length>', 'how long it is good after each use')
    .option('-s, --scope <scope>', 'what it is narrowed to, such as node:UUID:rw; may be repeated', collect)
    .option('--label <text>', 'what the person calls it')
    .action(act<NewTokenOptions>(async (options, name) => (await work()).create(options, name)));
  declare('list', 'list the tokens of everybody, or of one user')
    .option('--user <name>', 'only those of this user')
    .action(act<ListOptions>(async (options) => (await work()).list(options)));
  declare('delete <uuid>', 'end a token').action(
    act<TokenOptions>(async (options, uuid) => (await work()).remove(options, uuid)),
  );
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
