import { type Command, Option } from 'commander';
import { SIGNING_ALGORITHMS } from '../model/client.ts';
import { act, withResult, withTenant } from './action.ts';
import type { KeyOptions, RotateOptions } from './keys.ts';

/** Declares `signet key …`. */
export function declareKeyCommands(signet: Command): void {
  const key = signet.command('key').description('keys that sign tokens');
  const work = () => import('./keys.ts');
  withResult(withTenant(key.command('list')))
    .description('list the published keys')
    .action(act<KeyOptions>(async (options) => (await work()).listAll(options)));
  withResult(withTenant(key.command('rotate')))
    .description('publish a new key, which signs ten minutes later, when everybody knows it')
    .addOption(new Option('--alg <algorithm>', 'only for this algorithm').choices(SIGNING_ALGORITHMS))
    .option('--now', 'let it sign at once: for a key that is no longer secret')
    .action(act<RotateOptions>(async (options) => (await work()).rotate(options)));
}
