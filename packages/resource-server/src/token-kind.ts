import { parseObject } from './json.ts';
import { quoted } from './refusal.ts';

/** The header of a JWS or JWE, unverified, or undefined when the token is not a JWT but an opaque string. */
export function readJwtHeader(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.');
  if (parts.length !== 3 && parts.length !== 5) return undefined;
  const header = readPart(parts[0]);
  return header && 'alg' in header ? header : undefined;
}

/** The claims of a JWT before its signature is checked: only for telling the sender what is wrong. */
export function readUnverifiedClaims(token: string): Record<string, unknown> {
  return readPart(token.split('.')[1]) ?? {};
}

/** Whether the header says that this is an access token (RFC 9068 §2.1 and §4). */
export function isAccessTokenType(typ: unknown): boolean {
  return mediaType(typ) === 'at+jwt';
}

/** Says which token was sent where an access token was due. The claims need not be verified. */
export function describeWrongKind(typ: unknown, claims: Record<string, unknown>): string {
  const kind = kinds.find((candidate) => candidate.matches(mediaType(typ), claims));
  if (kind) return `This is ${kind.name}: send the access token.`;
  return `The token has typ ${quoted(typ)}, but an access token has typ 'at+jwt' (RFC 9068 section 2.1).`;
}

type Kind = { name: string; matches: (typ: string, claims: Record<string, unknown>) => boolean };

const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

const kinds: readonly Kind[] = [
  {
    name: 'a refresh token',
    matches: (typ, { typ: kind, token_use }) =>
      ['rt+jwt', 'refresh', 'refresh+jwt'].includes(typ) || kind === 'Refresh' || token_use === 'refresh',
  },
  { name: 'a logout token', matches: (typ, claims) => typ === 'logout+jwt' || 'events' in claims },
  { name: 'a DPoP proof', matches: (typ) => typ === 'dpop+jwt' },
  { name: 'a client assertion', matches: (typ) => typ === 'client-authentication+jwt' },
  { name: 'a request object', matches: (typ) => typ === 'oauth-authz-req+jwt' },
  { name: 'an introspection response', matches: (typ) => typ === 'token-introspection+jwt' },
  {
    name: 'an ID token',
    matches: (typ, claims) =>
      (typ === '' || typ === 'jwt') &&
      (ID_TOKEN_CLAIMS.some((name) => name in claims) ||
        ('sub' in claims && 'aud' in claims && !('client_id' in claims) && !('scope' in claims))),
  },
];

// RFC 7515 §4.1.9: a media type, compared without regard to case, with application/ left out or not.
function mediaType(typ: unknown): string {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
}

function readPart(part: string | undefined): Record<string, unknown> | undefined {
  return part === undefined ? undefined : parseObject(Buffer.from(part, 'base64url'));
}
