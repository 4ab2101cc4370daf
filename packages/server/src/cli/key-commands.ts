import { type Command, Option } from 'commander';
import { SIGNING_ALGORITHMS } from '../model/client.ts';
import { act, withResult, withServer, withTenant } from './action.ts';
import type { KeyOptions, RotateOptions } from './keys.ts';
import type { ServerOptions } from './remote.ts';

/** Declares `signet key …`. */
export function declareKeyCommands(signet: Command): void {
  const key = signet.command('key').description('keys that sign tokens');
  // The same verbs, on the configured database or at a server elsewhere.
  const work = ({ server }: ServerOptions) =>
    server === undefined ? import('./keys.ts') : import('./remote-keys.ts');
  withServer(withResult(withTenant(key.command('list'))))
    .description('list the published keys')
    .action(act<KeyOptions & ServerOptions>(async (options) => (await work(options)).listAll(options)));
  withServer(withResult(withTenant(key.command('rotate'))))
    .description('publish a new key, which signs ten minutes later, when everybody knows it')
    .addOption(new Option('--alg <algorithm>', 'only for this algorithm').choices(SIGNING_ALGORITHMS))
    .option('--now', 'let it sign at once: for a key that is no longer secret')
    .action(act<RotateOptions & ServerOptions>(async (options) => (await work(options)).rotate(options)));
}
