import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';
import {
  formatHandle,
  newHandleSecret,
  parseHandle,
  randomUuid,
  sameBytes,
  sha256,
} from '../model/secret.ts';
import type { InitialAccessToken } from '../store/registration-verbs.ts';

const PREFIX = 'sgia_';

/** An initial access token as an administrator sees it: everything but the token. */
export type InitialTokenView = Readonly<{
  id: string;
  description: string | null;
  uses: number;
  uses_left: number;
  created_at: string;
  created_by: string;
  expires_at: string;
}>;

/** `expires_in` is seconds. */
export type InitialTokenWish = Readonly<{
  description?: string | undefined;
  uses: number;
  expires_in: number;
}>;

/** Makes a token with which so many applications can be registered. It is told here and never again. */
export async function createInitialToken(
  provider: Provider,
  { description, uses, expires_in }: InitialTokenWish,
): Promise<Readonly<{ token: InitialTokenView; text: string }>> {
  const { store, tenant, clock, random, acting } = provider;
  const secret = newHandleSecret(random);
  const now = clock();
  const token = {
    uuid: randomUuid(random),
    secret_hash: sha256(secret),
    description: description ?? null,
    uses,
    created_at: now,
    created_by: acting?.actor ?? '',
    expires_at: now + 1000 * expires_in,
  };
  const facts = { uses, expires_at: isoTime(token.expires_at) };
  const event = eventFor(provider, { action: 'initial_access_token.created', subject: token.uuid, facts });
  const id = await store.createInitialAccessToken(tenant.id, token, event);
  return { token: viewOf({ ...token, id, uses_left: uses }), text: formatHandle(PREFIX, { id, secret }) };
}

/** The newest first, with the number that the next page begins before; those that are over too, for some days. */
export async function listInitialTokens(
  { store, tenant }: Provider,
  page: Readonly<{ before?: number | undefined; atMost: number }>,
): Promise<readonly Readonly<{ row: number; view: InitialTokenView }>[]> {
  const found = await store.listInitialAccessTokens(tenant.id, page);
  return found.map((token) => ({ row: token.id, view: viewOf(token) }));
}

export function deleteInitialToken(provider: Provider, id: string): Promise<'deleted' | 'unknown'> {
  const { store, tenant } = provider;
  const event = eventFor(provider, { action: 'initial_access_token.deleted', subject: id });
  return store.deleteInitialAccessToken(tenant.id, id, event);
}

/** The token with that text, while it has a use left; undefined for any other text. */
export async function findInitialToken(
  { store, tenant, clock, epoch }: Provider,
  text: string,
): Promise<InitialAccessToken | undefined> {
  const handle = parseHandle(PREFIX, text);
  const found = handle && (await store.findInitialAccessToken(tenant.id, handle.id));
  if (handle === undefined || found === undefined) return undefined;
  if (!sameBytes(sha256(handle.secret), found.secret_hash)) return undefined;
  const isLiving = found.uses_left > 0 && clock() < found.expires_at && found.created_at >= (await epoch());
  return isLiving ? found : undefined;
}

const viewOf = ({
  uuid,
  description,
  uses,
  uses_left,
  created_at,
  created_by,
  expires_at,
}: InitialAccessToken): InitialTokenView => ({
  id: uuid,
  description,
  uses,
  uses_left,
  created_at: isoTime(created_at),
  created_by,
  expires_at: isoTime(expires_at),
});
