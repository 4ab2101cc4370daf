import type { Command } from 'commander';
import { parseUserRecord, type UserRecord } from '../admin/user-record.ts';
import { collect, jsonOrText } from './api-flags.ts';
import type { Special } from './api-special.ts';
import { CommandError } from './command-error.ts';
import { invalid } from './metadata-file.ts';
import { readSecret } from './secret-input.ts';
import { isInteractive } from './terminal.ts';

/** `password` is false for `--no-password`. */
type PasswordOptions = Readonly<{ passwordFile?: string; passwordStdin?: boolean; password?: boolean }>;
type NewUserOptions = PasswordOptions &
  Readonly<{ name?: string; email?: string; claim?: readonly string[]; admin?: boolean }>;

/** `signet user create`. */
export const USER_CREATION: Special = {
  operand: 'name',
  flags: (command) =>
    withPassword(command)
      .option('--no-password', 'create a user who cannot sign in with a password yet')
      .option('--name <text>', 'the claim name')
      .option('--email <address>', 'the claim email')
      .option('--claim <name=value>', 'a claim, in JSON or as plain text; may be repeated', collect)
      .option('--admin', 'let the person administer this provider'),
  body: async (options: NewUserOptions, name) => {
    const record = requireRecord(options, name);
    const password = options.password === false ? noPassword(options) : await requirePassword(options);
    return { body: { ...record, ...(password !== undefined && { password }) } };
  },
};

/** `signet user set-password`. */
export const USER_PASSWORD: Special = {
  flags: withPassword,
  body: async (options: PasswordOptions) => ({ body: { password: await requirePassword(options) } }),
};

/** `signet user sessions`: lists them, or ends them all. */
export const USER_SESSIONS: Special = {
  flags: (command) => command.option('--end', 'sign the user out everywhere, as sign-out does'),
  instead: ({ end }) => (end === true ? 'signOutUser' : undefined),
};

/** Adds the places a password can come from; without one it is asked for. */
function withPassword(command: Command): Command {
  return command
    .option('--password-file <file>', 'take the password from a file')
    .option('--password-stdin', 'take the password from standard input');
}

/** Everything of the new user but the password, checked before a password is asked for. */
function requireRecord({ name, email, claim = [], admin }: NewUserOptions, username: string): UserRecord {
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
  return [text.slice(0, at), jsonOrText(text.slice(at + 1))];
}

async function requirePassword({ passwordFile, passwordStdin }: PasswordOptions): Promise<string> {
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

function noPassword({ passwordFile, passwordStdin }: PasswordOptions): undefined {
  if (passwordFile === undefined && passwordStdin !== true) return;
  throw new CommandError('usage', 'A password is given beside --no-password: only one of the two may be.');
}
