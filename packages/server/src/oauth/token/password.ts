import type { Provider } from '../../keys/provider.ts';
import type { SignedIn } from '../../model/browser-session.ts';
import { scopeValues } from '../../model/scope.ts';
import type { AuthenticatedClient } from '../client-auth.ts';
import { refuse } from '../error.ts';
import type { Params } from '../params.ts';
import { parseResources } from '../resource.ts';
import { allowedScope } from '../scope.ts';
import { grantDirectly } from './direct.ts';
import type { Granted } from './issue.ts';
import type { TokenRequest } from './request.ts';

/** How a sign-in by password ended; times are milliseconds. */
export type PasswordOutcome =
  | Readonly<{ kind: 'signed-in'; signedIn: SignedIn }>
  | Readonly<{ kind: 'wrong' } | { kind: 'busy' } | { kind: 'locked' } | { kind: 'wait'; until: number }>;

/** Checks a password and begins a session without a browser; whoever answers the request knows how. */
export type SignInByPassword = (username: string, password: string) => Promise<PasswordOutcome>;

/** A person's password sent by the client itself (RFC 6749 §4.3), where profile and client have that grant. */
export async function grantPassword(
  provider: Provider,
  client: AuthenticatedClient,
  request: TokenRequest & { grant_type: 'password' },
  { params, signIn }: { params: Params; signIn: SignInByPassword },
): Promise<Granted> {
  const registered = allowedScope(client, provider.tenant);
  const scope = request.scope ?? scopeValues(client.metadata.scope);
  const strange = scope.filter((value) => !registered.includes(value));
  if (strange.length > 0) throw refuse('scope.not-allowed', { received: strange, registered });
  const resources = parseResources(params, client, provider.tenant);
  const { username } = request;
  const outcome = await signIn(username, request.password);
  switch (outcome.kind) {
    case 'wrong':
      throw refuse('password.wrong', { username });
    case 'wait':
      throw refuse('password.wait', { username, until: outcome.until });
    case 'locked':
      throw refuse('password.locked', { username });
    case 'busy':
      throw refuse('password.busy', { username });
    case 'signed-in':
      requireAllowedUser(client, outcome.signedIn);
      return grantDirectly(provider, client, outcome.signedIn, { scope, resources });
  }
}

/** An application that is not for everybody says for whom it is. */
export function requireAllowedUser({ metadata }: AuthenticatedClient, { user }: SignedIn): void {
  if (metadata.allowed_users?.includes(user.username) === false)
    throw refuse('access.restricted', { client_id: metadata.client_id, username: user.username });
}
