import { site } from '../site.ts';

/** What of a client the snippets look at. */
export type Registered = Readonly<{
  client_id: string;
  redirect_uris: readonly string[];
  grant_types: readonly string[];
  token_endpoint_auth_method: string;
  scope?: string;
  resources?: readonly string[];
  id_token_signed_response_alg?: string;
}>;

/** What the snippets are filled with. */
export type Values = Readonly<{
  id: string;
  secret: string;
  issuer: string;
  token: string;
  authorize: string;
  redirect: string;
  origin: string;
  path: string;
  scope: string;
  resource: string | undefined;
  /** Of ID tokens. */
  algorithm: string;
}>;

export function valuesOf(client: Registered, secret: string | undefined): Values {
  const redirect = client.redirect_uris[0] ?? 'https://app.example.com/callback';
  const { origin, pathname } = URL.canParse(redirect)
    ? new URL(redirect)
    : new URL('https://app.example.com/callback');
  return {
    id: client.client_id,
    secret: secret ?? 'THE_CLIENT_SECRET',
    issuer: site.issuer,
    token: site.endpoints['token'] ?? '',
    authorize: site.endpoints['authorization'] ?? '',
    redirect,
    origin,
    path: pathname,
    scope: client.scope ?? 'openid profile email',
    resource: client.resources?.[0],
    algorithm: client.id_token_signed_response_alg ?? site.signing_algorithm,
  };
}
