import type { Grant } from './authorization.ts';
import type { Client } from './client.ts';
import type { User } from './user.ts';

/** A living access token with what it rests on. `grant` and `user` are absent for a token that a client has for itself. */
export type LivingAccessToken = Readonly<{
  claims: Readonly<Record<string, unknown>>;
  client: Client;
  grant?: Grant;
  user?: User;
}>;
