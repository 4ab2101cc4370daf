import { type KeyView, listKeys, rotateKeys } from '../admin/keys.ts';
import type { Provider } from '../keys/provider.ts';
import type { SigningAlgorithm } from '../model/client.ts';
import { CommandError } from './command-error.ts';
import { KEY_LISTING } from './key-listing.ts';
import { type TenantOptions, withProvider } from './open-app.ts';
import { printList, type ResultOptions } from './result.ts';

export type KeyOptions = TenantOptions & ResultOptions;
export type RotateOptions = KeyOptions & Readonly<{ alg?: SigningAlgorithm; now?: boolean }>;

/** `signet key list`. */
export const listAll = (options: KeyOptions): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => printKeys(options, await listKeys(provider)));

/** `signet key rotate`: prints the keys that were made. */
export const rotate = (options: RotateOptions): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    const before = await listKeys(provider);
    const rotated = await rotateKeys(provider, {
      alg: options.alg ?? firstAlgorithm(provider, before),
      when: options.now === true ? 'now' : 'after-lead',
    });
    if (rotated.length === 0) {
      throw new CommandError(
        'conflict',
        'A new key is published already and waits for its time; nothing was changed. --now makes another one that signs at once.',
      );
    }
    const known = before.map(({ kid }) => kid);
    printKeys(
      options,
      (await listKeys(provider)).filter(({ kid }) => !known.includes(kid)),
    );
  });

/** Where there is no key yet, the provider's own algorithm gets one; otherwise all that are in use are rotated. */
const firstAlgorithm = ({ tenant }: Provider, keys: readonly KeyView[]): SigningAlgorithm | undefined =>
  keys.length === 0 ? tenant.profile.signing_algorithm : undefined;

function printKeys(options: KeyOptions, keys: readonly KeyView[]): void {
  printList(options, { entries: keys, ...KEY_LISTING });
}
