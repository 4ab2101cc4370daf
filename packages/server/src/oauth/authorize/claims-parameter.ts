import type { ClaimRequest, ClaimsRequest } from '../../model/authorization-request.ts';
import { type OAuthError, refuse } from '../error.ts';

type Members = Readonly<Record<string, ClaimRequest | null>>;

const MOST_CLAIMS = 100;

/** The `claims` parameter (OIDC Core §5.5): unknown members are ignored, a wrong shape is refused. */
export function parseClaimsParameter(text: string | undefined): ClaimsRequest {
  if (text === undefined) return {};
  const value = parseObject(text);
  return { ...members(value, 'userinfo'), ...members(value, 'id_token') };
}

const malformed = (reason: string): OAuthError => refuse('claims.malformed', { reason });

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Falls through: not JSON.
  }
  throw malformed('it is not a JSON object');
}

function members(
  value: Record<string, unknown>,
  part: 'userinfo' | 'id_token',
): Partial<Record<typeof part, Members>> {
  const requested = value[part];
  if (requested === undefined || requested === null) return {};
  if (!isObject(requested)) throw malformed(`${part} is not an object`);
  const entries = Object.entries(requested);
  if (entries.length > MOST_CLAIMS) throw malformed(`${part} asks for more than ${MOST_CLAIMS} claims`);
  return { [part]: Object.fromEntries(entries.map(([name, wish]) => [name, claimRequest(name, wish)])) };
}

function claimRequest(name: string, wish: unknown): ClaimRequest | null {
  if (wish === null) return null;
  if (!isObject(wish)) throw malformed(`${name} is neither null nor an object`);
  const { essential, value, values } = wish;
  if (essential !== undefined && typeof essential !== 'boolean')
    throw malformed(`essential of ${name} is not true or false`);
  if (values !== undefined && !Array.isArray(values)) throw malformed(`values of ${name} is not a list`);
  return {
    ...(essential !== undefined && { essential }),
    ...(value !== undefined && { value }),
    ...(values !== undefined && { values }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
