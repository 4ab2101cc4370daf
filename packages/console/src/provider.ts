import * as oauth from 'oauth4webapi';
import { site } from './site.ts';

/** The provider as an application sees it. */
export const SERVER: oauth.AuthorizationServer = {
  issuer: site.issuer,
  ...(site.endpoints['token'] !== undefined && { token_endpoint: site.endpoints['token'] }),
  ...(site.endpoints['userinfo'] !== undefined && { userinfo_endpoint: site.endpoints['userinfo'] }),
  ...(site.endpoints['jwks'] !== undefined && { jwks_uri: site.endpoints['jwks'] }),
  authorization_response_iss_parameter_supported: true,
  id_token_signing_alg_values_supported: ['ES256', 'RS256', 'PS256', 'EdDSA'],
};

/** Plain http is possible where the provider itself stands at it, which it does on one's own machine alone. */
export const INSECURE = { [oauth.allowInsecureRequests]: site.issuer.startsWith('http:') };

/** The address of an authorization request. */
export function authorizationAddress(parameters: Readonly<Record<string, string>>): URL {
  const address = new URL(site.endpoints['authorization'] ?? '');
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address;
}
