import type { TokenEndpointResponse } from 'oauth4webapi';
import { systemClock } from '../model/clock.ts';
import type { Held } from './credentials.ts';

/** What is kept of an answer of the token endpoint; a refresh token that is not replaced goes on. */
export function heldFrom(issuer: string, tokens: TokenEndpointResponse, before?: Held): Held {
  const { access_token, expires_in = 0, refresh_token = before?.refresh_token } = tokens;
  return {
    issuer,
    access_token,
    expires_at: systemClock() + 1000 * expires_in,
    ...(refresh_token !== undefined && { refresh_token }),
  };
}
