import * as z from 'zod';
import { audit } from '../admin/audit.ts';
import { checkFields } from '../admin/fault.ts';
import { replaceUser } from '../admin/user-administration.ts';
import { parseUserRecord } from '../admin/user-record.ts';
import { setPassword } from '../admin/users.ts';
import { type SignInOutcome, signIn } from '../identity/sign-in.ts';
import { OWN_BELONGINGS } from './account-belongings.ts';
import { requireOwner } from './account-owner.ts';
import { stale } from './clients.ts';
import { type Call, done, type Operation, ok, operation } from './operation.ts';
import { badBody, Problem } from './problem.ts';
import { mergePatch } from './request.ts';
import { badPassword } from './user-input.ts';

/** What people may say of themselves: nothing that an application could take for proven, or for the name of an account. */
const OWN_CLAIMS = [
  'name',
  'given_name',
  'middle_name',
  'family_name',
  'nickname',
  'locale',
  'zoneinfo',
] as const;

const accountView = z
  .object({ sub: z.string(), username: z.string(), claims: z.record(z.string(), z.unknown()) })
  .meta({ id: 'Account' });

const text = z.string().max(200).nullable().optional();
const patchShape = {
  claims: z.strictObject(Object.fromEntries(OWN_CLAIMS.map((name) => [name, text]))),
};

const read = operation({
  method: 'GET',
  path: '/account',
  id: 'getAccount',
  summary: 'What is known of the person who calls',
  needs: 'token',
  answers: { status: 200, description: 'The own account.', schema: accountView },
  work: async (call) => {
    const { sub, username, claims } = requireOwner(call);
    return ok({ sub, username, claims });
  },
});

const change = operation({
  method: 'PATCH',
  path: '/account',
  id: 'changeAccount',
  summary: 'Changes what people may say of themselves',
  needs: 'token',
  body: { kind: 'merge-patch', schema: z.strictObject(patchShape).meta({ id: 'AccountPatch' }) },
  answers: { status: 200, description: 'The account as it is now.', schema: accountView },
  problems: [409, 412, 422],
  work: async (call) => {
    const before = requireOwner(call);
    const { complete, faults } = checkFields(patchShape, call.body, []);
    if (complete === undefined) throw badBody(faults);
    const { username, role } = before;
    const claims = mergePatch(before.claims, complete.claims);
    const parsed = parseUserRecord({ username, role, claims });
    if ('faults' in parsed) throw badBody(parsed.faults);
    const saved = await replaceUser(call.provider, before, parsed.user);
    if (saved === 'stale' || saved === 'taken') throw stale();
    return ok({ sub: saved.sub, username: saved.username, claims: saved.claims });
  },
});

const passwordShape = {
  current_password: z.string().min(1).max(1024),
  password: z.string().min(1).max(1024),
};

const password = operation({
  method: 'POST',
  path: '/account/password',
  id: 'changeOwnPassword',
  summary: 'Replaces the own password, which is proved first; every session and token of the person ends',
  needs: 'token',
  body: { kind: 'json', schema: z.strictObject(passwordShape).meta({ id: 'PasswordChange' }) },
  answers: { status: 204, description: 'The new password is set.' },
  problems: [422],
  work: async (call) => {
    const user = requireOwner(call);
    const { complete, faults } = checkFields(passwordShape, call.body, []);
    if (complete === undefined) throw badBody(faults);
    await requirePassword(call, user.username, complete.current_password);
    const outcome = await setPassword(call.provider, call.site.passwords, {
      name: user.username,
      password: complete.password,
    });
    if (outcome !== 'done' && outcome !== 'unknown') throw badPassword(outcome.fault);
    return done;
  },
});

/** Why the present password was not taken. A guess counts like one at the sign-in page, and waits like one. */
const SAYS: Readonly<Record<Exclude<SignInOutcome['kind'], 'signed-in' | 'busy'>, string>> = {
  wrong: 'is not your password',
  wait: 'was wrong too often: wait a while, then try again',
  locked: 'cannot be checked: the account is locked',
};

async function requirePassword(call: Call, username: string, current: string): Promise<void> {
  const { site, provider, caller } = call;
  const { network = '' } = provider.acting ?? {};
  const attempt = { username, password: current, network, knownBrowser: [] };
  const { kind } = await signIn(provider, site.passwords, attempt);
  if (kind === 'signed-in') return;
  if (kind === 'busy')
    throw new Problem('unavailable', 'Try again in a while.', { headers: { 'retry-after': '5' } });
  await audit(provider, { action: 'user.password_check_failed', subject: caller.actor });
  throw badBody([{ path: ['current_password'], message: SAYS[kind] }]);
}

/** What people do about their own account, without any role. */
export const ACCOUNT: readonly Operation[] = [read, change, password, ...OWN_BELONGINGS];
