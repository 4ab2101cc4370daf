import { record } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { decodeBase64url, randomText, sha256 } from '../model/secret.ts';
import { newSub, normalizeUsername } from '../model/user.ts';
import { type PasswordFault, passwordFault } from './password-rules.ts';
import type { Passwords } from './passwords.ts';

/** Milliseconds: long enough for somebody who starts the server and reads its first lines later that day. */
const LINK_LIFETIME = 86_400_000;

/** A new one-time secret for the set-up link; undefined once there is an administrator. An earlier link is void. */
export async function newSetupSecret(provider: Provider): Promise<string | undefined> {
  const { store, tenant, clock, random } = provider;
  if (await store.hasAdministrator(tenant.id)) return undefined;
  const secret = randomText(random, 24);
  await store.saveSetupLink(tenant.id, sha256(secret), clock() + LINK_LIFETIME);
  return secret;
}

export async function setupSecretIsGood(provider: Provider, secret: string): Promise<boolean> {
  if (decodeBase64url(secret) === undefined || (await provider.store.hasAdministrator(provider.tenant.id)))
    return false;
  return provider.store.setupLinkIsGood(provider.tenant.id, sha256(secret), provider.clock());
}

export type SetupOutcome =
  | Readonly<{ kind: 'created'; username: string }>
  | Readonly<{ kind: 'spent' }>
  | Readonly<{ kind: 'faults'; username?: 'missing' | 'duplicate'; password?: PasswordFault }>;

/** Creates the first administrator and spends the link, both or neither. */
export async function createFirstAdministrator(
  provider: Provider,
  passwords: Passwords,
  setup: { secret: string; username: string; password: string },
): Promise<SetupOutcome> {
  if (!(await setupSecretIsGood(provider, setup.secret))) return { kind: 'spent' };
  const username = normalizeUsername(setup.username);
  const fault = passwordFault(setup.password, setup.username);
  if (username === undefined || fault !== undefined) {
    return {
      kind: 'faults',
      ...(username === undefined && { username: 'missing' }),
      ...(fault && { password: fault }),
    };
  }
  const user = {
    sub: newSub(provider.random),
    username,
    password_hash: await passwords.hash(setup.password),
    claims: {},
    role: 'admin',
    source: 'manual',
  } as const;
  const outcome = await provider.store.createFirstAdministrator(
    provider.tenant.id,
    { secret_hash: sha256(setup.secret), user },
    provider.clock(),
  );
  if (outcome === 'duplicate') return { kind: 'faults', username: 'duplicate' };
  if (outcome === 'created') {
    const facts = { username, role: user.role, by: 'set-up link' };
    await record(provider, { action: 'user.created', subject: user.sub, facts });
  }
  return outcome === 'created' ? { kind: 'created', username } : { kind: 'spent' };
}
