import { normalizeUsername } from '../model/user.ts';
import { CommandError } from './command-error.ts';
import { callServer, listFrom, type Members, type ServerOptions, serverAt } from './remote.ts';
import { printList, printOne } from './result.ts';
import { printable } from './terminal.ts';
import { USER_LISTING } from './user-listing.ts';
import {
  type NewUserOptions,
  newPassword,
  type PasswordOptions,
  requirePassword,
  requireRecord,
  type SessionOptions,
  type UserOptions,
} from './users.ts';

type At<Options> = Options & ServerOptions;

const addressOf = ({ server = '' }: ServerOptions): string => serverAt(server);

/** `signet user list --server`. */
export async function listAll(options: At<UserOptions>): Promise<void> {
  printList(options, { entries: await listFrom(addressOf(options), '/users'), ...USER_LISTING });
}

/** `signet user create --server`. */
export async function create(options: At<NewUserOptions>, name: string): Promise<void> {
  const record = requireRecord(options, name);
  const password = await newPassword(options);
  const { body } = await callServer(addressOf(options), 'POST', '/users', {
    body: { ...record, ...(password !== undefined && { password }) },
  });
  printOne(options, String(body['username']), body);
}

/** `signet user set-password --server`. */
export async function changePassword(options: At<PasswordOptions>, name: string): Promise<void> {
  const password = await requirePassword(options);
  await done(options, name, 'password', { password });
}

export const disable = (options: At<UserOptions>, name: string): Promise<void> =>
  done(options, name, 'disable');
export const enable = (options: At<UserOptions>, name: string): Promise<void> =>
  done(options, name, 'enable');
/** A server elsewhere has no such verb. */
export async function lock(_: At<UserOptions>, name: string): Promise<void> {
  throw new CommandError(
    'usage',
    `An account is locked beside its database alone. To keep ${printable(name)} out: signet user disable.`,
  );
}
export const unlock = (options: At<UserOptions>, name: string): Promise<void> =>
  done(options, name, 'unlock');

/** `signet user sessions --server`: lists them, or ends them all. */
export async function sessions(options: At<SessionOptions>, name: string): Promise<void> {
  const server = addressOf(options);
  const path = `/users/${await subOf(server, name)}/sessions`;
  const entries = await listFrom(server, path);
  if (options.end === true) {
    await callServer(server, 'DELETE', path);
    printOne(options, name, { username: name, ended_sessions: entries.length });
    return;
  }
  printList(options, {
    entries,
    id: (session) => String(session['sid']),
    columns: ['sid', 'signed_in_at', 'last_seen_at', 'expires_at', 'user_agent'],
    row: (session) => Object.fromEntries(Object.entries(session).map(([key, value]) => [key, String(value)])),
  });
}

async function done(options: At<UserOptions>, name: string, verb: string, body: Members = {}): Promise<void> {
  const server = addressOf(options);
  const path = `/users/${await subOf(server, name)}`;
  await callServer(server, 'POST', `${path}/${verb}`, { body });
  const { body: user } = await callServer(server, 'GET', path);
  printOne(options, String(user['username']), user);
}

/** People are named by username on the command line, and by `sub` at the server. */
async function subOf(server: string, name: string): Promise<string> {
  const username = normalizeUsername(name) ?? '';
  const found = await listFrom(server, `/users?q=${encodeURIComponent(username)}`);
  const user = found.find((one) => one['username'] === username);
  if (user === undefined) throw new CommandError('unknown', `There is no user ${printable(name)}.`);
  return encodeURIComponent(String(user['sub']));
}
