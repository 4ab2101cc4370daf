import type { Provider } from '../keys/provider.ts';
import { clientSecretDigest } from '../keys/tenant-secrets.ts';
import type { Client, ClientAuthMethod } from '../model/client.ts';
import { isLivingClient, isPublicClient, livingPreviousSecret } from '../model/client.ts';
import { sameBytes } from '../model/secret.ts';
import { checkClientAssertion } from './client-assertion.ts';
import { type OAuthError, refuse } from './error.ts';
import { one, type Params } from './params.ts';

/** What a client sends to prove who it is. */
export type ClientRequest = Readonly<{ params: Params; authorization: string | undefined }>;

declare const authenticated: unique symbol;

/** A client that has proved who it is, or that has nothing to prove with. Only this file can make one. */
export type AuthenticatedClient = Client & { readonly [authenticated]: true };

type Credentials = Readonly<{ client_id: string; secret?: string; method: ClientAuthMethod }>;

/** Authenticates the client in the one way it is registered for (RFC 6749 §2.3, OIDC Core §9). */
export async function authenticateClient(
  provider: Provider,
  request: ClientRequest,
): Promise<AuthenticatedClient> {
  if (one(request.params, 'client_assertion') !== undefined) {
    return proven(await authenticateByAssertion(provider, request));
  }
  const sent = credentials(request);
  const client = await provider.store.findClient(provider.tenant.id, sent.client_id);
  const digest = clientSecretDigest(provider.secrets, sent.secret ?? '');
  // An unknown client costs the same comparison as a wrong secret.
  const previous = client && livingPreviousSecret(client, provider.clock());
  const matches = [client?.secret_digest, previous?.digest]
    .map((known) => sameBytes(known ?? UNMATCHABLE, digest))
    .includes(true);
  if (client === undefined)
    throw refuse('client.authentication', { client_id: sent.client_id, reason: 'no such client' });
  if (client.metadata.disabled === true) {
    throw refuse('client.authentication', { client_id: sent.client_id, reason: 'the client is disabled' });
  }
  if (!isLivingClient(client, provider.clock())) {
    throw refuse('client.authentication', { client_id: sent.client_id, reason: 'its registration is over' });
  }
  // A secret that an application cannot keep proves nothing, so it is not looked at (RFC 8252 §8.5).
  if (isPublicClient(client.metadata)) return proven(client);
  if (sent.secret === undefined && mayLeaveOutSecret(client, request.params)) return proven(client);
  requireMethod(client, sent.method);
  if (!matches)
    throw refuse('client.authentication', { client_id: sent.client_id, reason: 'wrong client_secret' });
  return proven(client);
}

/** For endpoints where a name alone is not enough (RFC 6749 §4.4, RFC 7662 §2.1). */
export function requireConfidential(client: AuthenticatedClient): AuthenticatedClient {
  if (isPublicClient(client.metadata))
    throw refuse('client.public', { client_id: client.metadata.client_id });
  return client;
}

/**
 * A client that may prove itself by PKCE alone: with a verifier, which a code asked for without a challenge refuses, or with the refresh
 * token that came of it.
 */
function mayLeaveOutSecret({ metadata }: Client, params: Params): boolean {
  if (metadata.pkce_without_secret !== true) return false;
  const grant = one(params, 'grant_type');
  if (grant === 'refresh_token') return true;
  return grant === 'authorization_code' && one(params, 'code_verifier') !== undefined;
}

const proven = (client: Client): AuthenticatedClient => client as AuthenticatedClient;

const UNMATCHABLE = new Uint8Array(32);

/** The same secret in the header or in the body proves the same, and libraries differ in what they try first (decision 11). */
const BY_SECRET: readonly ClientAuthMethod[] = ['client_secret_basic', 'client_secret_post'];

function requireMethod(client: Client, used: ClientAuthMethod): void {
  const registered = client.metadata.token_endpoint_auth_method;
  const alike = BY_SECRET.includes(registered) && BY_SECRET.includes(used);
  if (registered !== used && !alike)
    throw refuse('client.method', { client_id: client.metadata.client_id, used, registered });
}

async function authenticateByAssertion(provider: Provider, request: ClientRequest): Promise<Client> {
  if (request.authorization !== undefined || one(request.params, 'client_secret') !== undefined) {
    throw refuse('client.several-methods', { methods: ['assertion', 'secret'] });
  }
  return checkClientAssertion(provider, request.params);
}

/** The credentials in header or body; both are accepted only when they are equal. */
function credentials({ params, authorization }: ClientRequest): Credentials {
  const client_id = one(params, 'client_id');
  const secret = one(params, 'client_secret');
  const basic = authorization === undefined ? undefined : parseBasic(authorization);
  if (basic !== undefined) {
    const contradicts =
      (client_id ?? basic.client_id) !== basic.client_id || (secret ?? basic.secret) !== basic.secret;
    if (contradicts)
      throw refuse('client.several-methods', {
        methods: ['header', 'body'],
        client_id,
        in_header: basic.client_id,
      });
    return basic;
  }
  if (client_id === undefined) throw refuse('client.authentication', { reason: 'no client_id was sent' });
  if (secret !== undefined) return { client_id, secret, method: 'client_secret_post' };
  return { client_id, method: 'none' };
}

/** Both halves are form-encoded before they are joined (RFC 6749 §2.3.1). */
export function parseBasic(authorization: string): Credentials {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) throw malformedHeader('it is not of the form: Basic, blank, base64');
  const decoded = Buffer.from(encoded, 'base64');
  if (decoded.toString('base64') !== encoded) throw malformedHeader('it is not whole base64');
  const text = decoded.toString();
  const colon = text.indexOf(':');
  if (colon < 1) throw malformedHeader('it holds no client_id and colon');
  // PostgreSQL stores no such text, and so could not be asked for it.
  if (/\0|%00/.test(text)) throw malformedHeader('it holds a NUL');
  try {
    const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
    return {
      client_id: decode(text.slice(0, colon)),
      secret: decode(text.slice(colon + 1)),
      method: 'client_secret_basic',
    };
  } catch {
    throw malformedHeader(
      'a percent sign in it is not followed by two hexadecimal digits: form-encode id and secret first',
    );
  }
}

const malformedHeader = (reason: string): OAuthError =>
  refuse('client.authentication', { header: 'Authorization', reason });
