import { type Command, Option } from 'commander';
import { act, withResult, withTenant } from './action.ts';
import type { AuditOptions } from './audit.ts';

/** Declares `signet audit …`. */
export function declareAuditCommands(signet: Command): void {
  const audit = signet.command('audit').description('who did what, and when');
  withResult(withTenant(audit.command('list')))
    .description('list what was done, the newest first')
    .option('--action <action>', 'only this action, such as user.locked')
    .option('--user <name>', 'only what was done to this user, by name or sub')
    .option(
      '--actor <name>',
      'only what this user did, by name or sub; or "command line", "configuration file", "nobody"',
    )
    .option(
      '--since <time>',
      'only what is not older: 90s, 15m, 12h, 30d, or a time such as 2026-01-31T12:00:00Z',
    )
    .addOption(new Option('--limit <number>', 'so many at most').default('200'))
    .action(act<AuditOptions>(async (options) => (await import('./audit.ts')).list(options)));
}
