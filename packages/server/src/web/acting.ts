import { inHandsOf } from '../admin/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { clientAddress } from './client-address.ts';
import { currentExchange, requestId } from './exchange.ts';
import type { Site, WebContext } from './site.ts';

/** Where a request came from and what it is called, for the audit log. */
export function originOf(
  c: WebContext,
  { trustedProxies }: Site,
): Readonly<{ network: string; request_id?: string }> {
  const exchange = currentExchange();
  return {
    network: clientAddress(c, trustedProxies),
    ...(exchange !== undefined && { request_id: requestId(exchange) }),
  };
}

/** The provider in the hands of who sent the request: what `admin/` does with it is recorded as theirs. `actor` is a `sub`. */
export const actingAs = (c: WebContext, site: Site, actor: string): Provider =>
  inHandsOf(site.provider, { actor, ...originOf(c, site) });
