import type { Reply } from '../kit/http-answer.ts';
import type { Held, Line } from './line.ts';
import type { VirtualUser } from './sign-in.ts';
import type { Claims } from './verifier.ts';
import { jsonOf, type World } from './world.ts';

/** The tokens of an answer of the token endpoint. */
export type Tokens = Readonly<{ access: Held; idToken: Held | undefined; refresh: string | undefined }>;

/** Reads and judges a 200 of the token endpoint: I8, every signature is good; I9, every claim is the request's own. */
export async function judgeTokens(
  world: World,
  { user, line }: { user: VirtualUser; line: Line },
  reply: Reply,
  isFirst: boolean,
): Promise<Tokens> {
  const body = jsonOf(reply.body);
  const accessToken = String(body['access_token']);
  const idToken = typeof body['id_token'] === 'string' ? body['id_token'] : undefined;
  const access = await readJwt(world, accessToken, 'access token');
  if (access.claims !== undefined) {
    expect(world, access.claims, { iss: world.target.issuer, client_id: line.client }, line);
    judgeSub(world, user, access.claims, line);
  }
  const id = idToken === undefined ? undefined : await readJwt(world, idToken, 'ID token');
  if (id?.claims !== undefined) {
    const nonce = isFirst ? { nonce: line.nonce } : {};
    expect(world, id.claims, { iss: world.target.issuer, aud: line.client, ...nonce }, line);
    judgeSub(world, user, id.claims, line);
  }
  const refresh = body['refresh_token'];
  return {
    access: access.held,
    idToken: id?.held,
    refresh: typeof refresh === 'string' ? refresh : undefined,
  };
}

async function readJwt(
  { verifier, tally }: World,
  token: string,
  what: string,
): Promise<{ held: Held; claims: Claims | undefined }> {
  const claims = token.split('.').length === 3 ? await verifier.check(token) : 'it is no JWT';
  tally.note('JWTs verified');
  if (typeof claims === 'string') {
    tally.violate('I8', `an ${what} just issued cannot be verified: ${claims}`);
    return { held: { token, issuedAt: Date.now(), expiresAt: Date.now() }, claims: undefined };
  }
  const held = { token, issuedAt: 1000 * Number(claims['iat']), expiresAt: 1000 * Number(claims['exp']) };
  return { held, claims };
}

function expect({ tally }: World, claims: Claims, expected: Claims, line: Line): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = [claims[name]].flat();
    if (!found.includes(value))
      tally.violate('I9', `line ${line.id}: ${name} is ${String(found)} and not ${String(value)}`);
  }
}

/** I9: a person's `sub` is the same in every token, and no other person's. */
export function judgeSub({ tally }: World, user: VirtualUser, claims: Claims, line: Line): void {
  const sub = String(claims['sub']);
  user.sub ??= sub;
  if (user.sub !== sub)
    tally.violate('I9', `line ${line.id}: sub is ${sub}, that of user ${user.index} is ${user.sub}`);
}
