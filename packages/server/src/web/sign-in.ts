import { audit } from '../admin/audit.ts';
import { type SignInOutcome, signIn } from '../identity/sign-in.ts';
import { originOf } from './acting.ts';
import { clientAddress, networkOf } from './client-address.ts';
import { noteSignIn } from './exchange.ts';
import type { Site, WebContext } from './site.ts';

export type PasswordAttempt = Readonly<{
  username: string;
  password: string;
  /** What `knownProofs` found; nothing where no browser is at work. */
  knownBrowser?: readonly string[];
  /** For which application, where that is known. */
  client_id?: string | undefined;
}>;

/** Checks a password that came with a request: counted, watched and recorded, whatever face of the provider it came to. */
export async function attemptSignIn(
  c: WebContext,
  site: Site,
  { username, password, knownBrowser = [], client_id }: PasswordAttempt,
): Promise<SignInOutcome> {
  const { provider, passwords, trustedProxies } = site;
  const network = networkOf(clientAddress(c, trustedProxies));
  const outcome = await signIn(provider, passwords, { username, password, network, knownBrowser });
  noteSignIn(outcome.kind);
  await record(c, site, outcome, client_id);
  return outcome;
}

/** What was not looked at, because of too many attempts, is not recorded: nobody is to fill the log. */
async function record(
  c: WebContext,
  site: Site,
  outcome: SignInOutcome,
  client_id: string | undefined,
): Promise<void> {
  const { provider } = site;
  if (outcome.kind === 'wait' || outcome.kind === 'busy') return;
  const { user } = outcome;
  const note = { subject: user?.sub ?? '', client_id, ...originOf(c, site) };
  if (outcome.kind === 'signed-in') {
    await audit(provider, { ...note, action: 'user.signed_in', actor: outcome.user.sub });
    return;
  }
  // A name that is nobody's may be a password in the wrong field.
  const why = outcome.kind === 'locked' ? 'locked' : whyNot(user);
  await audit(provider, { ...note, action: 'user.sign_in_failed', facts: { why } });
  if (outcome.kind === 'wrong' && outcome.locks === true)
    await audit(provider, { ...note, action: 'user.locked', facts: { why: 'failures in a row' } });
}

function whyNot(user: Extract<SignInOutcome, { kind: 'wrong' }>['user']): string {
  if (user === undefined) return 'unknown name';
  return user.disabled_at === null ? 'wrong password' : 'disabled';
}
