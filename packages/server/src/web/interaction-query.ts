import type { AuthorizationRequest } from '../model/authorization-request.ts';
import { formatScope } from '../model/scope.ts';
import type { Tenant } from '../model/tenant.ts';
import { one, type Params } from '../oauth/params.ts';

/** Pages that carry a request which waits for the person. */
export type InteractionPage = 'login' | 'select_account' | 'consent';

/** What the address of such a page says after its question mark. */
export function interactionQuery(
  { profile }: Pick<Tenant, 'profile'>,
  page: InteractionPage,
  { sealed, request }: { sealed: string; request: AuthorizationRequest },
): string {
  const { parameter, beside, repeats_request } = profile.interaction[page];
  const own = new URLSearchParams({ [parameter]: sealed, ...beside }).toString();
  if (repeats_request !== true) return own;
  const whole = `${new URLSearchParams(asSent(request)).toString()}&${own}`;
  return whole.length > LONGEST_QUERY ? own : whole;
}

/** What every proxy lets through. */
const LONGEST_QUERY = 6000;

/** The parameters that every request has, and those a person could look for. */
function asSent(request: AuthorizationRequest): Record<string, string> {
  const { client_id, redirect_uri, response_type, scope, prompt, state, nonce, login_hint } = request;
  return {
    client_id,
    redirect_uri,
    response_type,
    scope: formatScope(scope),
    ...(prompt.length > 0 && { prompt: prompt.join(' ') }),
    ...(state !== undefined && { state }),
    ...(nonce !== undefined && { nonce }),
    ...(login_hint !== undefined && { login_hint }),
  };
}

/** The sealed request in a form of ours, or in the address of a page. */
export function sealedIn({ profile }: Pick<Tenant, 'profile'>, params: Params): string | undefined {
  const names = Object.values(profile.interaction).map(({ parameter }) => parameter);
  return ['interaction', ...names].map((name) => one(params, name)).find((value) => value !== undefined);
}
