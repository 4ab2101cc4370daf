import type { AuthorizationRequest } from '../../model/authorization-request.ts';
import { ACR_VALUES, type SignedIn } from '../../model/browser-session.ts';
import type { Client } from '../../model/client.ts';
import { type Consent, consentCovers } from '../../model/consent.ts';
import type { Facts } from '../error.ts';
import type { RuleId } from '../rules.ts';
import { fits } from '../user-claims.ts';

/** What has to happen before the request can be answered. */
export type NextStep =
  | Readonly<{ kind: 'answer' }>
  | Readonly<{ kind: 'sign-in'; again: boolean }>
  | Readonly<{ kind: 'select-account' }>
  | Readonly<{ kind: 'consent' }>
  | Readonly<{ kind: 'refuse'; rule: RuleId; facts: Facts }>;

/** All that the decision rests on. Times are milliseconds. */
export type Situation = Readonly<{
  request: AuthorizationRequest;
  client: Client;
  signedIn: SignedIn | undefined;
  /** The person's `sub` for this client. */
  subject: string | undefined;
  consent: Consent | undefined;
  /** Claims asked for one by one that the scope does not open anyway. */
  singleClaims: readonly string[];
  /** When the request first arrived, and what the person has done for it since. */
  startedAt: number;
  accountChosen: boolean;
  now: number;
}>;

/** Decides without doing anything (OIDC Core §3.1.2.3, §3.1.2.4). */
export function nextStep(situation: Situation): NextStep {
  const { request } = situation;
  const silent = request.prompt.includes('none');
  const step = stepFor(situation);
  if (!silent || step.kind === 'answer' || step.kind === 'refuse') return step;
  const { scope, max_age } = request;
  return step.kind === 'consent'
    ? {
        kind: 'refuse',
        rule: 'consent.required',
        facts: { scope, policy: situation.client.metadata.consent },
      }
    : {
        kind: 'refuse',
        rule: 'login.required',
        facts: { signed_in: situation.signedIn !== undefined, max_age },
      };
}

function stepFor(situation: Situation): NextStep {
  const { request, signedIn, subject, startedAt } = situation;
  const unreachable = unreachableAcr(request);
  if (unreachable !== undefined)
    return { kind: 'refuse', rule: 'login.acr', facts: { requested: unreachable, reachable: ACR_VALUES } };
  if (signedIn === undefined) return { kind: 'sign-in', again: false };
  const { allowed_users, client_id } = situation.client.metadata;
  if (allowed_users?.includes(signedIn.user.username) === false)
    return {
      kind: 'refuse',
      rule: 'access.restricted',
      facts: { client_id, username: signedIn.user.username },
    };
  // Whoever signs in for this very request has shown to be there, and has chosen an account by it. That takes longer than a millisecond.
  const signedInForThis = signedIn.session.auth_time > startedAt;
  if (request.prompt.includes('select_account') && !situation.accountChosen && !signedInForThis)
    return { kind: 'select-account' };
  if (!isAskedFor(request, subject)) {
    const { hinted_sub, claims } = request;
    const facts = {
      hinted_sub,
      sub: claims.id_token?.['sub'] ?? claims.userinfo?.['sub'],
      signed_in: subject,
    };
    return signedInForThis || request.prompt.includes('none')
      ? { kind: 'refuse', rule: 'login.other-user', facts }
      : { kind: 'sign-in', again: false };
  }
  if (!signedInForThis && isStale(situation, signedIn)) return { kind: 'sign-in', again: true };
  return needsConsent(situation) ? { kind: 'consent' } : { kind: 'answer' };
}

function isStale({ request, now }: Situation, { session }: SignedIn): boolean {
  if (request.prompt.includes('login')) return true;
  // 0 is prompt=login by another name (OIDC Core §3.1.2.1).
  return (
    request.max_age === 0 ||
    (request.max_age !== undefined && now - session.auth_time > request.max_age * 1000)
  );
}

/** Whether this is the person whom id_token_hint or a request for a particular `sub` names (OIDC Core §3.1.2.2, §5.5.1). */
function isAskedFor({ hinted_sub, claims }: AuthorizationRequest, subject: string | undefined): boolean {
  const wishes = [claims.id_token?.['sub'], claims.userinfo?.['sub']];
  return (
    (hinted_sub === undefined || hinted_sub === subject) &&
    wishes.every((wish) => fits(wish ?? null, subject))
  );
}

/** An essential acr that no sign-in here can give is refused, never faked (OIDC Core §5.5.1.1). */
function unreachableAcr(request: AuthorizationRequest): unknown {
  const acr = request.claims.id_token?.['acr'];
  if (acr?.essential !== true || ACR_VALUES.some((value) => fits(acr, value))) return undefined;
  return acr.values ?? acr.value;
}

function needsConsent({ request, client, consent, singleClaims }: Situation): boolean {
  if (request.prompt.includes('consent')) return true;
  switch (client.metadata.consent) {
    case 'skip':
      return false;
    case 'always':
      return true;
    case 'remember':
      return !consentCovers(consent, { ...request, claims: singleClaims });
  }
}
