import * as oauth from 'oauth4webapi';
import { type ClaimPlace, originOfClaim } from '../admin/claim-origins.ts';
import { isRecord } from '../admin/fault.ts';
import type { ClientMetadata } from '../model/client.ts';
import { allowedScope } from '../oauth/scope.ts';
import { discover, type Peer, redeemCode, type SignedIn, signPersonIn } from './authorize.ts';
import type { Tried } from './try-client.ts';
import { frontClaims } from './try-front.ts';
import { asked } from './try-refusal.ts';
import type { TryMember } from './try-text.ts';

/** A person's sign-in from beginning to end, and the end of what it gave. */
export async function tryCode(tried: Tried, redirect: string): Promise<void> {
  const peer = await begin(tried);
  const scope = await scopeOf(tried);
  const signedIn = await signIn(tried, peer, { redirect, scope });
  await tryFront(tried, peer, { signedIn, scope });
  if (!signedIn.parameters.has('code')) return;
  const tokens = await redeem(tried, peer, signedIn);
  const granted = (tokens.scope ?? scope).split(' ');
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const place = placeIn(tried, granted, false);
  if (claims !== undefined)
    tried.tell({
      step: 'ID token',
      says: 'its signature, issuer, audience, times and nonce are as they must be',
      members: explained(tried, claims, { ...place, where: 'id_token' }),
    });
  tellAccessToken(tried, tokens.access_token, place);
  if (claims !== undefined)
    await userinfo(tried, peer, { token: tokens.access_token, sub: claims.sub, place });
  await introspect(tried, peer, tokens.access_token);
  if (tokens.refresh_token !== undefined) await refresh(tried, peer, tokens.refresh_token);
  else await revoke(tried, peer, tokens.access_token);
}

/** A token that a service gets for itself. */
export async function tryService(tried: Tried): Promise<void> {
  const peer = await begin(tried);
  const { scope: wanted } = tried.options;
  const form = new URLSearchParams(wanted === undefined ? {} : { scope: wanted });
  const tokens = await asked(tried, 'Token', 'grant_type=client_credentials', async () => {
    const response = await oauth.clientCredentialsGrantRequest(
      peer.server,
      peer.client,
      peer.auth,
      form,
      peer.options,
    );
    return oauth.processClientCredentialsResponse(peer.server, peer.client, response);
  });
  tellTokens(tried, 'grant_type=client_credentials', tokens);
  tellAccessToken(tried, tokens.access_token, placeIn(tried, tokens.scope?.split(' ') ?? [], true));
  await introspect(tried, peer, tokens.access_token);
  await revoke(tried, peer, tokens.access_token);
}

async function begin({ provider, metadata, auth, tell }: Tried): Promise<Peer> {
  const { client_id, token_endpoint_auth_method, id_token_signed_response_alg: alg } = metadata;
  const { issuer, profile } = provider.tenant;
  const peer = await discover(
    issuer,
    { client_id, id_token_signed_response_alg: alg ?? profile.signing_algorithm },
    auth,
  );
  const says = `${issuer} answers; ${client_id} proves itself by ${token_endpoint_auth_method}`;
  tell({ step: 'Discovery', says });
  return peer;
}

/** What is asked for: what the client is registered with. */
async function scopeOf({ provider, metadata, options }: Tried): Promise<string> {
  const client = await provider.store.findClient(provider.tenant.id, metadata.client_id);
  return options.scope ?? (client === undefined ? 'openid' : allowedScope(client, provider.tenant).join(' '));
}

async function signIn(
  tried: Tried,
  peer: Peer,
  { redirect, scope }: { redirect: string; scope: string },
): Promise<SignedIn> {
  const { options, tell } = tried;
  const signedIn = await asked(tried, 'Sign-in', 'authorization request', () =>
    signPersonIn(peer, {
      redirect_uri: redirect,
      parameters: { scope, ...(options.prompt !== undefined && { prompt: options.prompt }) },
      response_type: options.responseType ?? usualType(tried.metadata),
      browser: options.browser,
    }),
  );
  tell({
    step: 'Sign-in',
    says: 'the answer came back to this machine, with the state that was sent and from this issuer (RFC 9207)',
    members: [
      { name: 'redirect_uri', value: signedIn.redirect_uri },
      { name: 'scope', value: scope, why: 'asked for' },
      ...(signedIn.parameters.has('code')
        ? [
            { name: 'code_challenge', value: 'S256', why: 'PKCE (RFC 7636)' },
            { name: 'code', value: shown(tried, signedIn.parameters.get('code') ?? '') },
          ]
        : []),
    ],
  });
  return signedIn;
}

/** The code flow where the client may, else the first that it is registered with. */
const usualType = ({ response_types }: ClientMetadata): string =>
  response_types.includes('code') ? 'code' : (response_types[0] ?? 'code');

/** The tokens that came by the browser (OIDC Core §3.2, §3.3). */
async function tryFront(
  tried: Tried,
  peer: Peer,
  { signedIn, scope }: { signedIn: SignedIn; scope: string },
): Promise<void> {
  const { access_token: token, id_token } = signedIn.front;
  const place = placeIn(tried, scope.split(' '), false);
  const claims =
    id_token === undefined
      ? undefined
      : await asked(tried, 'ID token', 'what came by the browser', () =>
          frontClaims(peer, signedIn, id_token),
        );
  if (claims !== undefined)
    tried.tell({
      step: 'ID token',
      says: 'came by the browser; its signature, issuer, audience, times, nonce and hashes are as they must be',
      members: explained(tried, claims, { ...place, where: 'id_token' }),
    });
  if (token === undefined) return;
  tellAccessToken(tried, token, place);
  if (claims?.sub !== undefined) await userinfo(tried, peer, { token, sub: claims.sub, place });
  if (!signedIn.parameters.has('code')) {
    await introspect(tried, peer, token);
    await revoke(tried, peer, token);
  }
}

async function redeem(tried: Tried, peer: Peer, signedIn: SignedIn): Promise<oauth.TokenEndpointResponse> {
  const { server, options } = peer;
  const how = 'grant_type=authorization_code';
  const tokens = await asked(tried, 'Token', how, async () => {
    const { tokens: result, response } = await redeemCode(peer, signedIn);
    await oauth.validateApplicationLevelSignature(server, response, options).catch((fault: unknown) => {
      // Without an ID token there is none to check.
      if (result.id_token !== undefined) throw fault;
    });
    return result;
  });
  tellTokens(tried, how, tokens);
  return tokens;
}

async function userinfo(
  tried: Tried,
  { server, client, options }: Peer,
  { token, sub, place }: { token: string; sub: string; place: ClaimPlace },
): Promise<void> {
  if (server.userinfo_endpoint === undefined || tried.metadata.userinfo_signed_response_alg !== undefined)
    return;
  const claims = await asked(tried, 'Userinfo', 'GET', async () => {
    const response = await oauth.userInfoRequest(server, client, token, options);
    return oauth.processUserInfoResponse(server, client, sub, response);
  });
  tried.tell({
    step: 'Userinfo',
    says: 'for the access token, and the same person',
    members: explained(tried, claims, { ...place, where: 'userinfo' }),
  });
}

async function introspect(tried: Tried, peer: Peer, token: string): Promise<void> {
  const { server, client, auth, options } = peer;
  if (tried.metadata.token_endpoint_auth_method === 'none' || server.introspection_endpoint === undefined)
    return;
  const found = await asked(tried, 'Introspection', 'POST', async () => {
    const response = await oauth.introspectionRequest(server, client, auth, token, options);
    return oauth.processIntrospectionResponse(server, client, response);
  });
  tried.tell({
    step: 'Introspection',
    says: found.active ? 'the access token is good' : 'the access token is not told to this client',
  });
}

async function refresh(tried: Tried, peer: Peer, token: string): Promise<void> {
  const { server, client, auth, options } = peer;
  const tokens = await asked(tried, 'Refresh', 'grant_type=refresh_token', async () => {
    const response = await oauth.refreshTokenGrantRequest(server, client, auth, token, options);
    return oauth.processRefreshTokenResponse(server, client, response);
  });
  const next = tokens.refresh_token ?? token;
  tried.tell({
    step: 'Refresh',
    says: `a new access token${next === token ? ', and the same refresh token goes on' : ' and a new refresh token; the former one is spent'}`,
  });
  await revoke(tried, peer, next);
}

/** Nothing of a trial stays good, unless its tokens were wanted in full. */
async function revoke(tried: Tried, peer: Peer, token: string): Promise<void> {
  const { server, client, auth, options } = peer;
  if (tried.options.raw === true || server.revocation_endpoint === undefined) return;
  await asked(tried, 'Revocation', 'POST', async () =>
    oauth.processRevocationResponse(await oauth.revocationRequest(server, client, auth, token, options)),
  );
  tried.tell({ step: 'Revocation', says: 'what the trial was given is over' });
}

function tellTokens(tried: Tried, how: string, tokens: oauth.TokenEndpointResponse): void {
  const { access_token, refresh_token, id_token, scope, expires_in, token_type } = tokens;
  const members: readonly TryMember[] = [
    { name: 'access_token', value: shown(tried, access_token) },
    ...(id_token === undefined ? [] : [{ name: 'id_token', value: shown(tried, id_token) }]),
    ...(refresh_token === undefined ? [] : [{ name: 'refresh_token', value: shown(tried, refresh_token) }]),
    { name: 'token_type', value: token_type },
    { name: 'expires_in', value: expires_in, why: 'seconds' },
    ...(scope === undefined ? [] : [{ name: 'scope', value: scope, why: 'granted' }]),
  ];
  tried.tell({ step: 'Token', says: how, members });
}

function tellAccessToken(tried: Tried, token: string, place: ClaimPlace): void {
  const claims = claimsIn(token);
  tried.tell({
    step: 'Access token',
    says: claims === undefined ? 'opaque: only the provider can read it' : 'a JWT (RFC 9068), decoded',
    ...(claims !== undefined && { members: explained(tried, claims, { ...place, where: 'access_token' }) }),
  });
}

/** What a JWT says, unchecked: it is only shown. */
function claimsIn(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, body, signature] = token.split('.');
  if (body === undefined || signature === undefined) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString());
  return isRecord(claims) ? claims : undefined;
}

/** Secrets are shown by their beginnings, so that nothing in a terminal's memory is of use. */
const shown = ({ options }: Tried, text: string): string =>
  options.raw === true || text === '' ? text : `${text.slice(0, 8)}… (${text.length} characters)`;

const placeIn = ({ metadata }: Tried, scope: readonly string[], isService: boolean): ClaimPlace => ({
  where: 'access_token',
  scope,
  isService,
  subject_type: metadata.subject_type,
});

const explained = ({ provider }: Tried, claims: object, place: ClaimPlace): readonly TryMember[] =>
  Object.entries(claims).map(([name, value]: [string, unknown]) => ({
    name,
    value,
    why: originOfClaim(provider.tenant, name, place),
  }));
