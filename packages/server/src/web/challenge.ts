import type { OAuthError } from '../oauth/error.ts';
import type { Site, WebContext } from './site.ts';

/**
 * The WWW-Authenticate header of a refusal: for a client that used the header (RFC 6749 §5.2), and for a bearer token
 * (RFC 6750 §3); without error details when no token was sent at all.
 */
export function authenticateHeader(
  c: WebContext,
  site: Site,
  error: OAuthError,
  description: string,
): string | undefined {
  const realm = `realm="${site.provider.tenant.issuer}"`;
  if (error.error === 'invalid_client')
    return c.req.header('authorization') === undefined ? undefined : `Basic ${realm}`;
  if (!error.rule.startsWith('access-token.')) return undefined;
  if (error.facts['token_sent'] === false) return `Bearer ${realm}`;
  const scope = error.error === 'insufficient_scope' ? ', scope="openid"' : '';
  return `Bearer ${realm}, error="${error.error}", error_description="${description}"${scope}`;
}
