import { beginSessionWithoutBrowser } from '../identity/browser-sessions.ts';
import type { PasswordOutcome } from '../oauth/token/password.ts';
import { attemptSignIn, type PasswordAttempt } from './sign-in.ts';
import type { Site, WebContext } from './site.ts';

/** Checks a password that a program sent, and begins a session without a browser. */
export async function signInByPassword(
  c: WebContext,
  site: Site,
  attempt: PasswordAttempt,
): Promise<PasswordOutcome> {
  const outcome = await attemptSignIn(c, site, attempt);
  if (outcome.kind !== 'signed-in') return outcome;
  const userAgent = c.req.header('user-agent') ?? '';
  return {
    kind: 'signed-in',
    signedIn: await beginSessionWithoutBrowser(site.provider, outcome.user, { userAgent }),
  };
}
