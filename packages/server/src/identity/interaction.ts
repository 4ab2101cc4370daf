import type { Provider } from '../keys/provider.ts';
import { openText, sealText } from '../keys/tenant-secrets.ts';
import type { AuthorizationRequest } from '../model/authorization-request.ts';
import { sha256 } from '../model/secret.ts';

/** An authorization request that waits for the person: carried sealed by the browser, so that no node has to remember it. */
export type Interaction = Readonly<{
  request: AuthorizationRequest;
  /** When the request arrived, in milliseconds: a sign-in after that was made for it. */
  startedAt: number;
  accountChosen: boolean;
  /** Sign-ins older than this do not count: the person asked for another account. */
  freshSince?: number;
}>;

/** What opening a sealed value came to. */
export type Opened<Value> = Readonly<
  { kind: 'good'; value: Value } | { kind: 'stale' } | { kind: 'other-browser' }
>;

/** Seals a value into a page's form or link, for this browser alone: it is also the form's proof against forged posts. */
export function sealForBrowser(provider: Provider, use: string, value: unknown, browserId: string): string {
  return sealText(
    provider.secrets.interactions,
    use,
    { browser: fingerprint(browserId), value },
    provider.random,
  );
}

/** Opens what `sealForBrowser` made for the same use and browser. Of the shape that was sealed. */
export function openForBrowser<Value>(
  provider: Provider,
  use: string,
  text: string,
  browserId: string,
): Opened<Value> {
  const sealed = openText<{ browser: string; value: Value }>(provider.secrets.interactions, use, text);
  if (sealed === undefined) return { kind: 'stale' };
  return sealed.browser === fingerprint(browserId)
    ? { kind: 'good', value: sealed.value }
    : { kind: 'other-browser' };
}

const fingerprint = (browserId: string): string => sha256(browserId).toString('base64url');

const USE = 'interaction';

export const sealInteraction = (provider: Provider, interaction: Interaction, browserId: string): string =>
  sealForBrowser(provider, USE, interaction, browserId);

export const openInteraction = (provider: Provider, text: string, browserId: string): Opened<Interaction> =>
  openForBrowser(provider, USE, text, browserId);

/** Whether the page was left open for longer than the profile allows. */
export const interactionExpired = (provider: Provider, { startedAt }: Interaction): boolean =>
  provider.clock() - startedAt > 1000 * provider.tenant.profile.lifetimes.interaction;
