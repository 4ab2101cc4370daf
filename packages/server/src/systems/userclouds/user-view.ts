import { inSeconds } from '../../model/clock.ts';
import type { User, UserClaims } from '../../model/user.ts';
import type { JsonObject } from './json-route.ts';
import { NOBODYS } from './login-app.ts';

/** A user as the interface tells of one. */
export const userView = ({ sub, claims, updated_at }: User): JsonObject => {
  const { organization_id = NOBODYS, ...profile } = claims;
  return { id: sub, updated_at: inSeconds(updated_at), organization_id, profile };
};

/** The part of it that every system knows, with the ways to sign in: here there is the password alone. */
export const baseProfileView = (user: User, withAuthns: boolean): JsonObject => {
  const { email = '', email_verified = false, name, nickname, picture } = user.claims;
  return {
    id: user.sub,
    updated_at: inSeconds(user.updated_at),
    organization_id: user.claims['organization_id'] ?? NOBODYS,
    email,
    email_verified,
    ...(name !== undefined && { name }),
    ...(nickname !== undefined && { nickname }),
    ...(picture !== undefined && { picture }),
    ...(withAuthns && {
      authns: user.password_hash === null ? [] : [{ authn_type: 'password', username: user.username }],
      mfa_channels: [],
    }),
  };
};

/** The claims after a change: what is null goes, what is not named stays. The organization is no part of a profile. */
export function changedClaims(before: UserClaims, profile: JsonObject): UserClaims {
  const all = { ...before, ...profile, organization_id: before['organization_id'] ?? null };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
