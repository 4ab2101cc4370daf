import { parseDuration } from '../admin/duration.ts';
import {
  createPersonalToken,
  deletePersonalToken,
  listPersonalTokens,
  type PersonalTokenOf,
} from '../admin/personal-tokens.ts';
import { findUser } from '../admin/users.ts';
import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';
import type { User } from '../model/user.ts';
import { CommandError } from './command-error.ts';
import { type TenantOptions, withProvider } from './open-app.ts';
import { printList, printOne, type ResultOptions } from './result.ts';

export type TokenOptions = TenantOptions & ResultOptions;
export type ListOptions = TokenOptions & Readonly<{ user?: string }>;
export type NewTokenOptions = TokenOptions &
  Readonly<{ expires?: string; autoRefresh?: string; scope?: readonly string[]; label?: string }>;

/** Milliseconds that each use adds when no end is chosen. */
const USUAL_WINDOW = 600_000;
const PAGE = 500;

/** `signet token create`. */
export const create = (options: NewTokenOptions, name: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    const kind = requireKind(provider);
    const user = await requireUser(provider, name);
    const made = await createPersonalToken(provider, {
      user,
      kind,
      label: options.label ?? '',
      scopes: options.scope ?? [],
      ...endOf(options, provider.clock()),
      createdBy: 'command line',
    });
    if (made.kind === 'fault') throw new CommandError('usage', 'The token would be over already.');
    printOne(options, made.text, { token: made.text, ...viewOf(made.token) });
  });

/** `signet token list`. */
export const list = (options: ListOptions): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    const of = options.user === undefined ? undefined : await requireUser(provider, options.user);
    printList(options, {
      entries: (await allTokens(provider, of)).map(viewOf),
      id: ({ uuid }) => uuid,
      columns: ['uuid', 'username', 'label', 'scopes', 'expires_at', 'auto_refresh', 'created_at'],
      row: ({ scopes, ...token }) => ({ ...token, scopes: scopes.join(' ') }),
    });
  });

/** `signet token delete`. */
export const remove = (options: TokenOptions, uuid: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    if ((await deletePersonalToken(provider, uuid)) === 'unknown')
      throw new CommandError('unknown', `There is no token ${uuid}.`);
    printOne(options, uuid, { uuid, deleted: true });
  });

async function allTokens(provider: Provider, of: User | undefined): Promise<readonly PersonalTokenOf[]> {
  const tokens: PersonalTokenOf[] = [];
  for (;;) {
    const page = await listPersonalTokens(provider, { of, afterId: tokens.at(-1)?.id ?? 0, atMost: PAGE });
    tokens.push(...page);
    if (page.length < PAGE) return tokens.filter(({ expires_at }) => expires_at > provider.clock());
  }
}

const viewOf = ({ uuid, user, label, scopes, expires_at, renewed_by, created_at }: PersonalTokenOf) => ({
  uuid,
  username: user.username,
  label,
  scopes,
  expires_at: isoTime(expires_at),
  auto_refresh: renewed_by === 0 ? undefined : `${renewed_by / 1000}s`,
  created_at: isoTime(created_at),
});

function requireKind({ tenant }: Provider): string {
  const { personal_token_kind: kind, name } = tenant.profile;
  if (kind !== undefined) return kind;
  throw new CommandError('usage', `With the profile ${name} there is nothing that takes such tokens.`);
}

async function requireUser(provider: Provider, name: string): Promise<User> {
  const user = await findUser(provider, name);
  if (user === undefined) throw new CommandError('unknown', `There is no user ${name}.`);
  return user;
}

/** Without a choice, a token that is good as long as it is used every ten minutes. */
function endOf(
  { expires, autoRefresh }: NewTokenOptions,
  now: number,
): { expiresAt: number } | { window: number } {
  if (expires !== undefined && autoRefresh !== undefined)
    throw new CommandError('usage', 'A token has --expires or --auto-refresh, not both.');
  if (expires !== undefined) return { expiresAt: now + requireLength('--expires', expires) };
  return { window: autoRefresh === undefined ? USUAL_WINDOW : requireLength('--auto-refresh', autoRefresh) };
}

/** Milliseconds. */
function requireLength(option: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds > 0) return 1000 * seconds;
  throw new CommandError('usage', `${option} ${text} must be a length of time such as 90s, 15m, 24h or 30d.`);
}
