import type { Provider } from '../../keys/provider.ts';
import { type AuthorizationRequest, PROMPTS, type Prompt } from '../../model/authorization-request.ts';
import type { ResponseType } from '../../model/client.ts';
import type { RequestManners } from '../../model/profile.ts';
import { parseScope } from '../../model/scope.ts';
import { refuse } from '../error.ts';
import { readIdTokenHint } from '../id-token.ts';
import { one, type Params, required, requireNoRepeats } from '../params.ts';
import { parseCodeChallenge } from '../pkce.ts';
import { parseResources } from '../resource.ts';
import { allowedScope } from '../scope.ts';
import { parseClaimsParameter } from './claims-parameter.ts';
import { parseResponseType, type ReplyTarget } from './reply-target.ts';

/** Reads and checks everything else of the request (OIDC Core §3.1.2.1); what it refuses is told by redirect. */
export async function parseAuthorizationRequest(
  provider: Provider,
  target: ReplyTarget,
  params: Params,
): Promise<AuthorizationRequest> {
  requireNoRepeats(params);
  if (params.has('registration')) throw refuse('registration.unsupported');
  const { client } = target;
  const response_type = requireResponseType(target, params);
  if (one(params, 'response_mode') === 'query' && response_type !== 'code')
    throw refuse('response-mode.query-token', { response_type });
  const { requests } = provider.tenant.profile;
  requireState(target, requests);
  const scope = requireScope(provider, target, params, response_type);
  if (requests.openid_required && !scope.includes('openid'))
    throw refuse('scope.openid-required', { received: scope });
  const nonce = one(params, 'nonce');
  if (response_type.includes('id_token')) requireNonce(nonce, requests);
  if (scope.includes('openid')) required(params, 'redirect_uri');
  const yieldsCode = response_type.includes('code');
  const hint = await parseHint(provider, target, params);
  const max_age = parseMaxAge(params) ?? client.metadata.default_max_age;
  return {
    client_id: client.metadata.client_id,
    redirect_uri: target.redirect_uri,
    redirect_uri_sent: params.has('redirect_uri'),
    response_type,
    response_mode: target.response_mode,
    // A refresh token comes with a code only, so without one the wish for it means nothing (OIDC Core §11).
    scope: yieldsCode
      ? scope
      : scope.filter((value) => !provider.tenant.profile.offline_scopes.includes(value)),
    resources: parseResources(params, client, provider.tenant),
    prompt: parsePrompt(params),
    acr_values: one(params, 'acr_values')?.split(' ') ?? client.metadata.default_acr_values ?? [],
    claims: parseClaimsParameter(one(params, 'claims')),
    ...(target.state !== undefined && { state: target.state }),
    ...(nonce !== undefined && { nonce }),
    ...(max_age !== undefined && { max_age }),
    ...(hint !== undefined && { hinted_sub: hint }),
    ...loginHint(params, requests.login_hints),
    ...optional(params, 'ui_locales'),
    ...optional(params, 'display'),
    ...challengeOf(provider, target, params, yieldsCode),
  };
}

function challengeOf(provider: Provider, { client }: ReplyTarget, params: Params, yieldsCode: boolean) {
  const { profile } = provider.tenant;
  if (!yieldsCode && profile.requests.challenge_without_code === 'refuse' && params.has('code_challenge'))
    throw refuse('pkce.challenge-unexpected');
  const code_challenge = yieldsCode ? parseCodeChallenge(params, client, profile) : undefined;
  return code_challenge === undefined ? {} : { code_challenge };
}

function requireState({ state }: ReplyTarget, { state_required, state_least }: RequestManners): void {
  if (state_required && state === undefined) throw refuse('state.missing');
  if ((state ?? '').length < state_least)
    throw refuse('state.too-short', { characters: state?.length ?? 0, least: state_least });
}

function requireNonce(nonce: string | undefined, { nonce_least }: RequestManners): void {
  if (nonce === undefined) throw refuse('nonce.missing');
  if (nonce.length < nonce_least)
    throw refuse('nonce.too-short', { characters: nonce.length, least: nonce_least });
}

function loginHint(params: Params, names: readonly string[]): { login_hint?: string } {
  const login_hint = names.map((name) => one(params, name)).find((value) => value !== undefined);
  return login_hint === undefined ? {} : { login_hint };
}

function optional<Name extends 'ui_locales' | 'display'>(
  params: Params,
  name: Name,
): Partial<Record<Name, string>> {
  const value = one(params, name);
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}

function requireResponseType({ client }: ReplyTarget, params: Params): ResponseType {
  const received = required(params, 'response_type');
  const type = parseResponseType(received);
  if (type === undefined) throw refuse('response-type.unknown', { received });
  const { response_types, client_id } = client.metadata;
  if (!response_types.includes(type))
    throw refuse('client.response-type', { client_id, received: type, registered: response_types });
  return type;
}

function requireScope(
  provider: Provider,
  { client }: ReplyTarget,
  params: Params,
  type: ResponseType,
): readonly string[] {
  const text = one(params, 'scope') ?? '';
  const scope = parseScope(text);
  if (scope === undefined) throw refuse('scope.malformed', { received: text });
  const registered = allowedScope(client, provider.tenant);
  const strange = scope.filter((value) => !registered.includes(value));
  if (strange.length > 0) throw refuse('scope.not-allowed', { received: strange, registered });
  if (type.includes('id_token') && !scope.includes('openid'))
    throw refuse('scope.openid-missing', { received: text });
  return scope;
}

function parsePrompt(params: Params): readonly Prompt[] {
  const received = one(params, 'prompt');
  if (received === undefined) return [];
  const words = [...new Set(received.split(' ').filter((word) => word !== ''))];
  const prompts = words.map((word) => PROMPTS.find((known) => known === word));
  const known = prompts.filter((prompt) => prompt !== undefined);
  if (known.length < words.length || (known.includes('none') && known.length > 1))
    throw refuse('prompt.malformed', { received });
  return known;
}

function parseMaxAge(params: Params): number | undefined {
  const received = one(params, 'max_age');
  if (received === undefined) return undefined;
  if (!/^[0-9]{1,9}$/.test(received)) throw refuse('max-age.malformed', { received });
  return Number(received);
}

/** The person whom an ID token of this client names (OIDC Core §3.1.2.1). */
async function parseHint(
  provider: Provider,
  { client }: ReplyTarget,
  params: Params,
): Promise<string | undefined> {
  const hint = one(params, 'id_token_hint');
  if (hint === undefined) return undefined;
  const token = await readIdTokenHint(provider, hint);
  if (token?.client_id !== client.metadata.client_id)
    throw refuse('id-token-hint.invalid', { audience: token?.client_id });
  return token.sub;
}
