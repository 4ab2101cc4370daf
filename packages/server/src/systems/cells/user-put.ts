import type { Fault } from '../../admin/fault.ts';
import { changeUser } from '../../admin/user-changes.ts';
import { parseUserRecord } from '../../admin/user-record.ts';
import { createUser, findUser, setDisabled, setPassword, unlockUser } from '../../admin/users.ts';
import { type PasswordFault, passwordFault } from '../../identity/password-rules.ts';
import type { User } from '../../model/user.ts';
import { actingAs } from '../../web/acting.ts';
import { attemptSignIn } from '../../web/sign-in.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Caller, isAdministrator } from './caller.ts';
import { textOf } from './fields.ts';
import { badInput, forbidden, type Json, notFound, type RestRefusal, unauthorized } from './rest.ts';
import { changesMore, type WantedUser, wantedUser } from './user-change.ts';
import { CELLS_CLAIM, isLocked, userView } from './user-view.ts';

type Making = Readonly<{ caller: Caller; login: string; body: Json }>;

/** Makes a user; the caller is an administrator. */
export async function makeUser(c: WebContext, site: Site, { caller, login, body }: Making): Promise<Json> {
  if ((textOf(body, 'Uuid') ?? '') !== '') throw notFound('There is no user with that Uuid.');
  const { claims, role, locked, password } = wantedUser(body, undefined);
  const parsed = parseUserRecord({ username: login, claims, role, ...(password && { password }) });
  if ('faults' in parsed) throw faulty(parsed.faults);
  const provider = actingAs(c, site, caller.user.sub);
  const made = await createUser(provider, site.passwords, parsed.user);
  if (made.kind === 'refused') throw badPassword(made.fault);
  if (made.kind === 'duplicate') throw badInput('There is a user with that login by now.');
  if (locked) await setDisabled(provider, login, true);
  return viewNow(site, login);
}

type Putting = Readonly<{ caller: Caller; before: User; wanted: WantedUser }>;

/** Changes a user; what is refused changes nothing. */
export async function putUser(c: WebContext, site: Site, { caller, before, wanted }: Putting): Promise<Json> {
  const isOwn = caller.user.id === before.id;
  if ((isOwn || !isAdministrator(caller)) && changesMore(wanted, before))
    throw forbidden('Nobody changes their own profile, group, roles or locks.');
  if (isOwn && opensTheAccount(wanted, before)) await requireOldPassword(c, site, before, wanted.oldPassword);
  const fault = wanted.password === undefined ? undefined : passwordFault(wanted.password, before.username);
  if (fault !== undefined) throw badPassword(fault);
  const provider = actingAs(c, site, caller.user.sub);
  const outcome = await changeUser(provider, before, { claims: wanted.claims, role: wanted.role });
  if (outcome !== 'done') throw faulty(outcome.faults);
  if (wanted.password !== undefined)
    await setPassword(provider, site.passwords, { name: before.username, password: wanted.password });
  if (wanted.locked && !isLocked(before)) await setDisabled(provider, before.username, true);
  if (!wanted.locked && before.disabled_at !== null) await setDisabled(provider, before.username, false);
  if (!wanted.locked && before.locked_at !== null) await unlockUser(provider, before.username);
  return viewNow(site, before.username);
}

/** A password does, and so does the address to which the message goes that resets it: a found token is not enough for either. */
const opensTheAccount = ({ password, claims }: WantedUser, before: User): boolean =>
  password !== undefined || claims['email'] !== before.claims['email'];

/** Counted like a sign-in, so that a token that was found lying about gives nobody more guesses. */
async function requireOldPassword(c: WebContext, site: Site, user: User, password = ''): Promise<void> {
  const outcome = await attemptSignIn(c, site, { username: user.username, password });
  if (outcome.kind !== 'signed-in') throw unauthorized('OldPassword is not the password of the account.');
}

async function viewNow({ provider }: Site, login: string): Promise<Json> {
  const user = await findUser(provider, login);
  if (user === undefined) throw notFound('The user has been deleted meanwhile.');
  return userView(user);
}

const faulty = (faults: readonly Fault[]): RestRefusal =>
  badInput(
    `${faults.map(({ path, message }) => `${path.filter((part) => part !== CELLS_CLAIM).join('.')} ${message}`).join('; ')}.`,
  );

const WHY_NOT: Readonly<Record<PasswordFault, string>> = {
  'too-short': 'The password is too short.',
  'too-long': 'The password is too long.',
  'contains-name': 'The password is the name of the user.',
  common: 'The password is among the first that anybody would try.',
};

export const badPassword = (fault: PasswordFault): RestRefusal => badInput(WHY_NOT[fault]);
