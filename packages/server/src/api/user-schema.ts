import * as z from 'zod';
import { userSchema } from '../admin/user-record.ts';
import { USER_ROLES } from '../model/user.ts';
import { timestamp } from './client-schema.ts';

const { username, password, password_hash, claims, role, groups, disabled } = userSchema.shape;

export const userView = z
  .object({
    sub: z.string().meta({ description: 'Stable, never reused, never derived from a name.' }),
    username: z.string(),
    claims: z.record(z.string(), z.unknown()),
    role: z.enum(USER_ROLES),
    groups: z.array(z.string()),
    disabled: z.boolean(),
    locked: z.boolean().meta({ description: 'Nobody signs in until it is unlocked.' }),
    version: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'User' });

export const newUser = z
  .strictObject({
    username,
    password,
    password_hash,
    claims: claims.optional(),
    role: role.optional(),
    groups,
    disabled,
  })
  .meta({ id: 'NewUser' });

export const userPatch = z
  .strictObject({
    username: username.optional(),
    claims: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Merged as well: null removes a claim.' }),
    role: role.optional(),
    groups: groups
      .nullable()
      .meta({ description: 'All of them; null for none. Takes signet:groups:write as well.' }),
  })
  .meta({ id: 'UserPatch' });

export const sessionView = z
  .object({
    id: z.string(),
    sid: z.string(),
    sub: z.string(),
    username: z.string(),
    signed_in_at: timestamp,
    last_seen_at: timestamp,
    expires_at: timestamp,
    user_agent: z.string(),
    impersonator: z.string().nullable(),
  })
  .meta({ id: 'Session' });

export const grantView = z
  .object({
    id: z.string(),
    sub: z.string(),
    username: z.string(),
    client_id: z.string().nullable().meta({ description: 'Null when the client is gone.' }),
    scope: z.string(),
    resources: z.array(z.string()),
    created_at: timestamp,
    used_at: timestamp.nullable().meta({ description: 'When its refresh token was exchanged last.' }),
    expires_at: timestamp,
    has_refresh_token: z.boolean(),
  })
  .meta({ id: 'Grant' });

export const consentView = z
  .object({
    sub: z.string(),
    username: z.string(),
    client_id: z.string().nullable(),
    scope: z.string(),
    resources: z.array(z.string()),
    claims: z.array(z.string()),
    granted_at: timestamp,
  })
  .meta({ id: 'Consent' });

export const deletedUser = z
  .object({
    sub: z.string(),
    username: z.string(),
    role: z.enum(USER_ROLES),
    deleted_at: timestamp,
    deleted_by: z.string().nullable(),
  })
  .meta({ id: 'DeletedUser' });
