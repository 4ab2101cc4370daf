import type { GrantType } from '../../model/client.ts';
import { parseScope } from '../../model/scope.ts';
import { refuse } from '../error.ts';
import { one, type Params, required } from '../params.ts';

/** What a client may ask of the token endpoint, told apart by grant_type (RFC 6749 §4.1.3, §4.3.2, §4.4.2, §6). */
export type TokenRequest =
  | Readonly<{
      grant_type: 'authorization_code';
      code: string;
      redirect_uri?: string | undefined;
      code_verifier?: string | undefined;
    }>
  | Readonly<{ grant_type: 'refresh_token'; refresh_token: string; scope?: readonly string[] | undefined }>
  | Readonly<{ grant_type: 'client_credentials'; scope?: readonly string[] | undefined }>
  | Readonly<{
      grant_type: 'password';
      username: string;
      password: string;
      scope?: readonly string[] | undefined;
    }>;

/** Reads the form; a grant type that the provider does not have is as unknown as any other. */
export function parseTokenRequest(params: Params, known: readonly GrantType[]): TokenRequest {
  const grant_type = required(params, 'grant_type');
  if (!known.some((type) => type === grant_type))
    throw refuse('grant-type.unknown', { received: grant_type.slice(0, 100) });
  switch (grant_type) {
    case 'authorization_code':
      return {
        grant_type,
        code: required(params, 'code'),
        redirect_uri: one(params, 'redirect_uri'),
        code_verifier: one(params, 'code_verifier'),
      };
    case 'refresh_token':
      return {
        grant_type,
        refresh_token: required(params, 'refresh_token'),
        scope: parseRequestedScope(params),
      };
    case 'client_credentials':
      return { grant_type, scope: parseRequestedScope(params) };
    case 'password':
      return {
        grant_type,
        username: required(params, 'username'),
        password: required(params, 'password'),
        scope: parseRequestedScope(params),
      };
    default:
      throw refuse('grant-type.unknown', { received: grant_type.slice(0, 100) });
  }
}

function parseRequestedScope(params: Params): readonly string[] | undefined {
  const text = one(params, 'scope');
  if (text === undefined) return undefined;
  const scope = parseScope(text);
  if (scope === undefined) throw refuse('scope.malformed', { received: text });
  return scope;
}
