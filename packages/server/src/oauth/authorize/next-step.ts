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
  switch (step.kind) {
    case 'sign-in':
      return { kind: 'refuse', rule: 'login.required', facts: { prompt: 'none', signed_in: step.again } };
    case 'select-account':
      return { kind: 'refuse', rule: 'account-selection.required', facts: {} };
    case 'consent':
      return {
        kind: 'refuse',
        rule: 'consent.required',
        facts: { scope: request.scope, policy: situation.client.metadata.consent },
      };
  }
}

function stepFor(situation: Situation): NextStep {
  const { request, signedIn, subject, startedAt } = situation;
  const unreachable = unreachableAcr(request);
  if (unreachable !== undefined)
    return { kind: 'refuse', rule: 'login.acr', facts: { requested: unreachable, reachable: ACR_VALUES } };
  if (signedIn === undefined) return { kind: 'sign-in', again: false };
  if (request.prompt.includes('select_account') && !situation.accountChosen)
    return { kind: 'select-account' };
  const wanted = wantedSubject(request);
  const signedInForThis = signedIn.session.auth_time >= startedAt;
  if (wanted !== undefined && wanted !== subject) {
    return signedInForThis || request.prompt.includes('none')
      ? { kind: 'refuse', rule: 'login.other-user', facts: { asked_for: wanted, signed_in: subject } }
      : { kind: 'sign-in', again: false };
  }
  if (!signedInForThis && isStale(situation, signedIn)) return { kind: 'sign-in', again: true };
  return needsConsent(situation) ? { kind: 'consent' } : { kind: 'answer' };
}

function isStale({ request, now }: Situation, { session }: SignedIn): boolean {
  if (request.prompt.includes('login')) return true;
  return request.max_age !== undefined && now - session.auth_time > request.max_age * 1000;
}

/** The person named by id_token_hint, or by a request for a particular `sub` (OIDC Core §5.5.1). */
function wantedSubject(request: AuthorizationRequest): string | undefined {
  const value = request.claims.id_token?.['sub']?.value;
  return request.hinted_sub ?? (typeof value === 'string' ? value : undefined);
}

/** An essential acr that no sign-in here can give is refused, never faked (OIDC Core §5.5.1.1). */
function unreachableAcr(request: AuthorizationRequest): unknown {
  const acr = request.claims.id_token?.['acr'];
  if (acr?.essential !== true || ACR_VALUES.some((value) => fits(acr, value))) return undefined;
  return acr.values ?? acr.value;
}

function needsConsent({ request, client, consent }: Situation): boolean {
  if (request.prompt.includes('consent')) return true;
  switch (client.metadata.consent) {
    case 'skip':
      return false;
    case 'always':
      return true;
    case 'remember':
      return !consentCovers(consent, request.scope, request.resources);
  }
}
