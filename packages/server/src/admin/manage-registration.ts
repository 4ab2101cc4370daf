import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { clientSecretDigest } from '../keys/tenant-secrets.ts';
import { type Client, isLivingClient } from '../model/client.ts';
import { newHandleSecret, parseHandle, sameBytes, sha256 } from '../model/secret.ts';
import type { Registration } from '../store/registration-verbs.ts';
import { changesOf, clientEvent, secretAfter } from './clients.ts';
import { isRecord } from './fault.ts';
import { clientInformation, REGISTRATION_PREFIX, registrationToken } from './register-client.ts';
import { malformed, type RegistrationFault, readWish } from './registration-metadata.ts';

/** The answer of the client configuration endpoint (RFC 7592 §2). */
export type ManagementAnswer =
  | Readonly<{ kind: 'client'; document: Readonly<Record<string, unknown>> }>
  | Readonly<{ kind: 'deleted' }>
  | RegistrationFault
  /** The token is not that of this client, or over with it; `sent` when there was one. */
  | Readonly<{ kind: 'unauthorized'; sent: boolean }>
  /** An administrator has changed the client: it is not its own any more. */
  | Readonly<{ kind: 'forbidden' }>;

/** `bearer` is the token that came along, empty when what came is none. */
export type ManagementRequest = Readonly<{ client_id: string; bearer: string | undefined }>;

type Own = Readonly<{ provider: Provider; client: Client; registration: Registration; token: string }>;
type Refused = Extract<ManagementAnswer, { kind: 'unauthorized' | 'forbidden' }>;

/** What is registered, as it is now. */
export async function readRegistration(
  provider: Provider,
  request: ManagementRequest,
): Promise<ManagementAnswer> {
  const own = await requireOwn(provider, request);
  if ('kind' in own) return own;
  const { software_statement } = own.registration;
  const document = clientInformation(provider, own.client, { software_statement, token: own.token });
  return { kind: 'client', document };
}

/** Replaces all that is registered; the token is another one from then on (RFC 7592 §2.2, §5). */
export async function replaceRegistration(
  provider: Provider,
  request: ManagementRequest,
  body: unknown,
): Promise<ManagementAnswer> {
  const own = await requireChangeable(provider, request);
  if ('kind' in own) return own;
  const misplaced = bodyFault(own, body);
  if (misplaced !== undefined) return malformed(misplaced);
  const wish = await readWish(provider, body, own.client.metadata.client_id);
  if (wish.kind === 'fault') return wish;
  const { store, tenant, random, clock } = own.provider;
  const { metadata } = wish.parsed;
  const fresh = secretAfter(own.provider, own.client, { metadata });
  const secret = newHandleSecret(random);
  const facts = { ...changesOf(own.client, metadata), ...(fresh && { secret: 'changed' }) };
  const event = clientEvent(own.provider, 'client.updated', metadata, facts);
  const outcome = await store.updateRegistration(
    tenant.id,
    own.registration,
    {
      client: { metadata, ...(fresh && { secret: fresh.stored }), keepsEnd: true, event },
      token_hash: sha256(secret),
      software_statement: wish.software_statement,
    },
    clock(),
  );
  const client = await store.findClientByRow(tenant.id, own.client.row);
  if (outcome === 'stale' || client === undefined) return { kind: 'unauthorized', sent: true };
  const { software_statement } = wish;
  const told = { client_secret: fresh?.made, software_statement, token: registrationToken(client, secret) };
  return { kind: 'client', document: clientInformation(provider, client, told) };
}

/** The client is gone with all that was issued to it (RFC 7592 §2.3). */
export async function deleteRegistration(
  provider: Provider,
  request: ManagementRequest,
): Promise<ManagementAnswer> {
  const own = await requireChangeable(provider, request);
  if ('kind' in own) return own;
  const { client_id } = own.client.metadata;
  const event = eventFor(own.provider, { action: 'client.deleted', subject: client_id, client_id });
  const { store, tenant, clock } = provider;
  const seen = { ...own.registration, client_id };
  const outcome = await store.deleteRegistration(tenant.id, seen, event, clock());
  return outcome === 'deleted' ? { kind: 'deleted' } : { kind: 'unauthorized', sent: true };
}

/** The client whose token it is, as long as it may do anything at all. */
async function requireOwn(
  provider: Provider,
  { client_id, bearer }: ManagementRequest,
): Promise<Own | Refused> {
  if (bearer === undefined) return { kind: 'unauthorized', sent: false };
  const unauthorized = { kind: 'unauthorized', sent: true } as const;
  const handle = parseHandle(REGISTRATION_PREFIX, bearer);
  if (handle === undefined) return unauthorized;
  const { store, tenant, clock, epoch } = provider;
  const registration = await store.findRegistration(tenant.id, handle.id);
  const client = await store.findClientByRow(tenant.id, handle.id);
  if (registration === undefined || client === undefined) return unauthorized;
  const isIts = sameBytes(sha256(handle.secret), registration.token_hash);
  if (!isIts || client.metadata.client_id !== client_id) return unauthorized;
  // What was rotated after the backup lives again with a restored database.
  if (!isLivingClient(client, clock()) || registration.token_at < (await epoch())) return unauthorized;
  const acting = { ...provider.acting, actor: client_id };
  return { provider: { ...provider, acting }, client, registration, token: bearer };
}

/** The same, if nobody else has changed the client: whoever did may have given it what is not its own to use. */
async function requireChangeable(provider: Provider, request: ManagementRequest): Promise<Own | Refused> {
  const own = await requireOwn(provider, request);
  if ('kind' in own || own.client.version === own.registration.version) return own;
  return { kind: 'forbidden' };
}

/** Told by the server, and never to it (RFC 7592 §2.2). */
const NOT_SENT = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/** What of the members that name the client is wrong. */
function bodyFault({ provider, client }: Own, body: unknown): string | undefined {
  if (!isRecord(body)) return 'The body is no JSON object.';
  const misplaced = NOT_SENT.find((name) => Object.hasOwn(body, name));
  if (misplaced !== undefined) return `${misplaced} is not sent in an update (RFC 7592 section 2.2).`;
  if (body['client_id'] !== client.metadata.client_id) return 'client_id must be sent, and as it is.';
  const secret = body['client_secret'];
  if (secret === undefined || secret === null) return undefined;
  const digest = typeof secret === 'string' ? clientSecretDigest(provider.secrets, secret) : undefined;
  const isIts = digest !== undefined && sameBytes(digest, client.secret_digest ?? new Uint8Array(0));
  return isIts ? undefined : 'client_secret is not the present one: leave it out, or send it as it is.';
}
