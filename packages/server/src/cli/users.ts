import { parseUserRecord, type UserRecord } from '../admin/user-record.ts';
import {
  createUser,
  endSessions,
  findUser,
  listSessions,
  listUsers,
  lockUser,
  setDisabled,
  setPassword,
  type UserView,
  unlockUser,
  viewOf,
} from '../admin/users.ts';
import type { App } from '../app.ts';
import { type PasswordFault, SHORTEST_PASSWORD } from '../identity/password-rules.ts';
import type { Provider } from '../keys/provider.ts';
import { CommandError } from './command-error.ts';
import { invalid } from './metadata-file.ts';
import { type TenantOptions, withProvider } from './open-app.ts';
import { printList, printOne, type ResultOptions } from './result.ts';
import { readSecret } from './secret-input.ts';
import { isInteractive, say } from './terminal.ts';
import { USER_LISTING } from './user-listing.ts';

export type UserOptions = TenantOptions & ResultOptions;
/** `password` is false for `--no-password`. */
export type PasswordOptions = UserOptions &
  Readonly<{ passwordFile?: string; passwordStdin?: boolean; password?: boolean }>;
export type NewUserOptions = PasswordOptions &
  Readonly<{ name?: string; email?: string; claim?: readonly string[]; admin?: boolean }>;
export type SessionOptions = UserOptions & Readonly<{ end?: boolean }>;

/** Users read at once. */
const PAGE = 500;

/** `signet user list`. */
export const listAll = (options: UserOptions): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) =>
    printList(options, {
      entries: await allUsers(provider),
      ...USER_LISTING,
    }),
  );

/** `signet user create`. */
export async function create(options: NewUserOptions, name: string): Promise<void> {
  const record = requireRecord(options, name);
  const password = await newPassword(options);
  await withProvider(options, 'may-be-made', async (provider, app) => {
    const created = await createUser(provider, app.passwords, { ...record, password });
    if (created.kind === 'duplicate')
      throw new CommandError('conflict', `There is a user ${record.username} already.`);
    if (created.kind === 'refused') throw badPassword(created.fault);
    printOne(options, created.user.username, created.user);
  });
}

/** `signet user set-password`. */
export async function changePassword(options: PasswordOptions, name: string): Promise<void> {
  const password = await requirePassword(options);
  await withProvider(options, 'must-exist', async (provider, app) => {
    const outcome = await setPassword(provider, app.passwords, { name, password });
    if (outcome === 'unknown') throw unknownUser(name);
    if (outcome !== 'done') throw badPassword(outcome.fault);
    await printUser(options, provider, name);
  });
}

/** `signet user disable`. */
export const disable = (options: UserOptions, name: string): Promise<void> => switchUser(options, name, true);

/** `signet user enable`. */
export const enable = (options: UserOptions, name: string): Promise<void> => switchUser(options, name, false);

/** `signet user lock`. */
export const lock = (options: UserOptions, name: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    if ((await lockUser(provider, name)) === 'unknown') throw unknownUser(name);
    await printUser(options, provider, name);
  });

/** `signet user unlock`. */
export const unlock = (options: UserOptions, name: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    if ((await unlockUser(provider, name)) === 'unknown') throw unknownUser(name);
    await printUser(options, provider, name);
  });

/** `signet user sessions`: lists them, or ends them all. */
export const sessions = (options: SessionOptions, name: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    const found = await listSessions(provider, name);
    if (found === 'unknown') throw unknownUser(name);
    if (options.end === true) {
      const ended = await endSessions(provider, name);
      printOne(options, name, { username: name, ended_sessions: ended });
      return;
    }
    printList(options, {
      entries: found,
      id: (session) => session.sid,
      columns: ['sid', 'signed_in_at', 'last_seen_at', 'expires_at', 'user_agent'],
      row: (session) => session,
    });
  });

function switchUser(options: UserOptions, name: string, disabled: boolean): Promise<void> {
  return withProvider(options, 'must-exist', async (provider, app) => {
    if ((await setDisabled(provider, name, disabled)) === 'unknown') throw unknownUser(name);
    const user = await printUser(options, provider, name);
    const written = writtenUser(app, provider, user.username);
    if (written?.disabled === undefined || written.disabled === disabled) return;
    say(
      `Note: ${name} stands in the configuration file with disabled: ${!disabled}, which is applied again at the next start.`,
    );
  });
}

const writtenUser = (app: App, { tenant }: Provider, username: string): UserRecord | undefined =>
  app.config.tenants
    .find(({ name }) => name === tenant.name)
    ?.users.find((user) => user.username === username);

async function printUser(options: UserOptions, provider: Provider, name: string): Promise<UserView> {
  const user = await findUser(provider, name);
  if (user === undefined) throw unknownUser(name);
  printOne(options, user.username, viewOf(user));
  return viewOf(user);
}

async function allUsers(provider: Provider): Promise<readonly UserView[]> {
  const users: UserView[] = [];
  for (;;) {
    const page = await listUsers(provider, { afterUsername: users.at(-1)?.username ?? '', atMost: PAGE });
    users.push(...page);
    if (page.length < PAGE) return users;
  }
}

/** Everything of the new user but the password, checked before a password is asked for. */
export function requireRecord(
  { name, email, claim = [], admin }: NewUserOptions,
  username: string,
): UserRecord {
  const claims = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...Object.fromEntries(claim.map(parseClaim)),
  };
  const parsed = parseUserRecord({ username, claims, role: admin === true ? 'admin' : 'user' });
  if ('faults' in parsed) throw invalid('The user', parsed.faults, undefined);
  return parsed.user;
}

/** `name=value`, the value in JSON when it is, else a text. */
function parseClaim(text: string): readonly [name: string, value: unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new CommandError('usage', `--claim ${text} must be written name=value.`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}

export async function requirePassword({ passwordFile, passwordStdin }: PasswordOptions): Promise<string> {
  const elsewhere = passwordFile !== undefined || passwordStdin === true;
  if (!elsewhere && !isInteractive()) {
    throw new CommandError(
      'usage',
      'Nobody is there to be asked for the password: give it with --password-stdin or --password-file.',
    );
  }
  const source = { file: passwordFile, stdin: passwordStdin, prompt: !elsewhere };
  return (await readSecret('password', source)) ?? '';
}

/** The password of a new user, or none where that is said. */
export const newPassword = (options: NewUserOptions): Promise<string | undefined> =>
  options.password === false ? noPassword(options) : requirePassword(options);

async function noPassword({ passwordFile, passwordStdin }: PasswordOptions): Promise<undefined> {
  if (passwordFile === undefined && passwordStdin !== true) return;
  throw new CommandError('usage', 'A password is given beside --no-password: only one of the two may be.');
}

const WHY_NOT: Readonly<Record<PasswordFault, string>> = {
  'too-short': `The password is too short: take at least ${SHORTEST_PASSWORD} characters.`,
  'too-long': 'The password is too long: take at most 256 characters.',
  'contains-name': 'The password is the name of the user: take another one.',
  common: 'The password is among the first that anybody would try: take another one.',
};

const badPassword = (fault: PasswordFault): CommandError => new CommandError('usage', WHY_NOT[fault]);

const unknownUser = (name: string): CommandError => new CommandError('unknown', `There is no user ${name}.`);
