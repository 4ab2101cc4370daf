import type { Provider } from '../keys/provider.ts';
import type { DelayRule } from '../model/attempt-rules.ts';
import type { Client } from '../model/client.ts';
import { inSeconds } from '../model/clock.ts';
import { formatHandle, newHandleSecret, randomText, sha256 } from '../model/secret.ts';
import { endpointUrl } from '../model/tenant.ts';
import type { InitialAccessToken } from '../store/registration-verbs.ts';
import { clientEvent, newClientId, SECRET_BYTES, storedSecret, usesSecret } from './clients.ts';
import { findInitialToken } from './initial-access-tokens.ts';
import { type RegistrationFault, readWish, registrable, type Wish } from './registration-metadata.ts';

/** Marks registration access tokens, for readers and for secret scanners. */
export const REGISTRATION_PREFIX = 'sgra_';

/** From one place without a token, so many at once and then ever slower. */
const PACE: DelayRule = { free: 20, unit: 1000, doublings: 12, forgetAfter: 86_400_000 };

type Document = Readonly<Record<string, unknown>>;

/** The answer of the registration endpoint (RFC 7591 §3.2). */
export type RegistrationAnswer =
  | Readonly<{ kind: 'registered'; document: Document }>
  | RegistrationFault
  | Readonly<{ kind: 'wait'; until: number }>
  /** A token is needed; `sent` when one was brought that is not good (RFC 6750 §3.1). */
  | Readonly<{ kind: 'unauthorized'; sent: boolean }>;

/** `bearer` is the token that came along, empty when what came is none; `network` is where the request comes from. */
export type RegistrationRequest = Readonly<{ body: unknown; bearer: string | undefined; network: string }>;

/** Registers an application that no operator has looked at. */
export async function registerClient(
  provider: Provider,
  { body, bearer, network }: RegistrationRequest,
): Promise<RegistrationAnswer> {
  const { store, tenant, clock, random } = provider;
  if (bearer === undefined && tenant.registration.access !== 'open')
    return { kind: 'unauthorized', sent: false };
  const token = bearer === undefined ? undefined : await findInitialToken(provider, bearer);
  if (bearer !== undefined && token === undefined) return { kind: 'unauthorized', sent: true };
  if (token === undefined) {
    const attempt = await store.beginAttempt(tenant.id, `registration ${network}`, PACE, clock());
    if (!attempt.allowed) return { kind: 'wait', until: attempt.until };
  }
  const wish = await readWish(provider, body, newClientId(random));
  return wish.kind === 'fault' ? wish : create(provider, wish, token);
}

async function create(
  provider: Provider,
  { parsed: { metadata }, software_statement }: Wish,
  token: InitialAccessToken | undefined,
): Promise<RegistrationAnswer> {
  const { store, tenant, clock, random } = provider;
  const client_secret = usesSecret(metadata) ? randomText(random, SECRET_BYTES) : undefined;
  const secret = newHandleSecret(random);
  const now = clock();
  const { expires_after } = tenant.registration;
  const facts = token === undefined ? {} : { initial_access_token: token.uuid };
  const outcome = await store.registerClient(
    tenant.id,
    {
      client: {
        metadata,
        secret: storedSecret(provider, metadata, client_secret),
        source: 'registration',
        event: clientEvent(provider, 'client.created', metadata, facts),
      },
      token_hash: sha256(secret),
      software_statement,
      expires_at: expires_after === undefined ? null : now + 1000 * expires_after,
      spend: token && { id: token.id, secret_hash: token.secret_hash },
    },
    now,
  );
  // Somebody else was faster with the last use; that a random client_id is taken does not happen.
  if (outcome === 'refused') return { kind: 'unauthorized', sent: true };
  const client = await store.findClient(tenant.id, metadata.client_id);
  if (client === undefined) throw new Error('A client was removed while it was registered.');
  const told = { client_secret, software_statement, token: registrationToken(client, secret) };
  return { kind: 'registered', document: clientInformation(provider, client, told) };
}

export const registrationToken = ({ row }: Client, secret: Buffer): string =>
  formatHandle(REGISTRATION_PREFIX, { id: row, secret });

type Told = Readonly<{
  /** Only where it was made just now: it is kept as a digest. */
  client_secret?: string | undefined;
  software_statement: string | null;
  token: string;
}>;

/** The client information response (RFC 7591 §3.2.1, RFC 7592 §3). */
export function clientInformation(
  { tenant }: Provider,
  { metadata, created_at, expires_at }: Client,
  { client_secret, software_statement, token }: Told,
): Document {
  const { client_id } = metadata;
  return {
    client_id,
    client_id_issued_at: inSeconds(created_at),
    ...(client_secret !== undefined && { client_secret }),
    ...(usesSecret(metadata) && {
      client_secret_expires_at: expires_at === null ? 0 : inSeconds(expires_at),
    }),
    registration_access_token: token,
    registration_client_uri: `${endpointUrl(tenant, 'registration')}?${new URLSearchParams({ client_id }).toString()}`,
    ...registrable(metadata),
    ...(software_statement !== null && { software_statement }),
  };
}
