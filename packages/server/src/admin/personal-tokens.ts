import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';
import type { PersonalToken } from '../model/personal-token.ts';
import {
  formatHandle,
  newHandleSecret,
  parseHandle,
  randomUuid,
  sameBytes,
  sha256,
} from '../model/secret.ts';
import type { User } from '../model/user.ts';
import type { FoundPersonalToken } from '../store/guard-verbs.ts';
import { audit } from './audit.ts';

const PREFIX = 'sgpt_';
const SECRET_BYTES = 32;
/** Milliseconds between two notes of a use; a token with a short window is noted more often, so that each use counts. */
const NOTE_EVERY = 60_000;
/** Notes that fall into a window at least. */
const NOTES_PER_WINDOW = 10;
const LONGEST_LABEL = 500;
/** The last time that a date can tell. */
const LATEST = 8_640_000_000_000_000;

/** Either `expiresAt` (milliseconds since 1970) or `window` (milliseconds that each use adds). */
export type PersonalTokenWish = Readonly<{
  user: User;
  /** Who may use it where; it is good for nothing else. */
  kind: string;
  label: string;
  scopes: readonly string[];
  expiresAt?: number | undefined;
  window?: number | undefined;
  /** Who makes it, as the audit log names them. */
  createdBy: string;
}>;

/** A token with the person that it stands for. */
export type PersonalTokenOf = PersonalToken & Readonly<{ user: User }>;

export type CreatedPersonalToken = Readonly<
  | { kind: 'created'; text: string; token: PersonalTokenOf }
  /** No end given, two ends given, or one that is not in the future. */
  | { kind: 'fault'; fault: 'no-end' | 'two-ends' | 'end-passed' }
>;

/** Makes a token. Its text is told here and never again. */
export async function createPersonalToken(
  provider: Provider,
  { user, kind, label, scopes, expiresAt, window, createdBy }: PersonalTokenWish,
): Promise<CreatedPersonalToken> {
  const { store, tenant, clock, random } = provider;
  const now = clock();
  const fault = endFault(expiresAt, window, now);
  if (fault !== undefined) return { kind: 'fault', fault };
  const secret = newHandleSecret(random, SECRET_BYTES);
  const token = {
    uuid: randomUuid(random),
    user_id: user.id,
    kind,
    label: label.slice(0, LONGEST_LABEL),
    scopes,
    expires_at: expiresAt ?? now + (window ?? 0),
    renewed_by: window ?? 0,
    created_at: now,
    created_by: createdBy,
    used_at: 0,
  };
  const id = await store.createPersonalToken(tenant.id, { ...token, secret_hash: sha256(secret) });
  await audit(provider, {
    action: 'personal_token.created',
    subject: token.uuid,
    actor: createdBy,
    facts: { user: user.sub, kind, scopes, expires_at: isoTime(token.expires_at) },
  });
  return { kind: 'created', text: formatHandle(PREFIX, { id, secret }), token: { ...token, id, user } };
}

function endFault(
  expiresAt: number | undefined,
  window: number | undefined,
  now: number,
): 'no-end' | 'two-ends' | 'end-passed' | undefined {
  if (expiresAt === undefined && window === undefined) return 'no-end';
  if (expiresAt !== undefined && window !== undefined) return 'two-ends';
  const end = expiresAt ?? now + (window ?? 0);
  return end > now && end <= LATEST ? undefined : 'end-passed';
}

/**
 * The token with that text and its person; undefined when it is unknown or over, or its person is disabled or locked. Whoever asks looks
 * at its `kind`. A use moves the end of a token that has a window.
 */
export async function findPersonalToken(
  provider: Provider,
  text: string,
): Promise<PersonalTokenOf | undefined> {
  const { store, tenant, clock } = provider;
  const handle = parseHandle(PREFIX, text, SECRET_BYTES);
  const found = handle && (await store.findPersonalToken(tenant.id, handle.id));
  if (handle === undefined || found === undefined) return undefined;
  if (!sameBytes(sha256(handle.secret), found.secret_hash)) return undefined;
  const now = clock();
  const { user } = found;
  if (found.expires_at <= now || user.disabled_at !== null || user.locked_at !== null) return undefined;
  return noteUse(provider, withoutHash(found), now);
}

/** Whether a text has the form of such a token, good or not, so that it is never sent elsewhere. */
export const looksLikePersonalToken = (text: string): boolean => text.startsWith(PREFIX);

async function noteUse(
  { store, tenant }: Provider,
  token: PersonalTokenOf,
  now: number,
): Promise<PersonalTokenOf> {
  const { renewed_by: window } = token;
  const pause = window === 0 ? NOTE_EVERY : Math.min(NOTE_EVERY, window / NOTES_PER_WINDOW);
  if (now - token.used_at < pause) return token;
  const use = { used_at: now, expires_at: window === 0 ? token.expires_at : now + window };
  await store.usePersonalToken(tenant.id, token.id, use);
  return { ...token, ...use };
}

/** In the order in which they were made, expired ones too for some days; of one person when one is named. */
export async function listPersonalTokens(
  { store, tenant }: Provider,
  { of, afterId = 0, atMost }: { of?: User | undefined; afterId?: number; atMost: number },
): Promise<readonly PersonalTokenOf[]> {
  const found = await store.listPersonalTokens(tenant.id, { user_id: of?.id, afterId, atMost });
  return found.map(withoutHash);
}

/** Deletes the token with that public name; with `of`, only if it is that person's. */
export async function deletePersonalToken(
  provider: Provider,
  uuid: string,
  of?: User,
): Promise<'deleted' | 'unknown'> {
  const { store, tenant } = provider;
  const outcome = await store.deletePersonalToken(tenant.id, uuid, of?.id);
  if (outcome === 'deleted') await audit(provider, { action: 'personal_token.deleted', subject: uuid });
  return outcome;
}

/** Deletes all tokens of a person; returns how many there were. */
export const deletePersonalTokensOf = ({ store, tenant }: Provider, user: User): Promise<number> =>
  store.deletePersonalTokensOfUser(tenant.id, user.id);

const withoutHash = ({ secret_hash: _hash, ...token }: FoundPersonalToken): PersonalTokenOf => token;
