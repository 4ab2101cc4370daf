import * as z from 'zod';
import { SIGNING_ALGORITHMS } from '../model/client.ts';
import type { Lifetimes } from '../model/profile.ts';
import { webUri, words } from './client-metadata-fields.ts';
import { durationSchema } from './duration.ts';

const lifetime = (description: string, minimum: 0 | 1 = 1) =>
  durationSchema(minimum).optional().meta({ description, kind: 'duration', usual: 'profile' });

/** How long things last; a configuration file gives them as the group `lifetimes`. */
export const lifetimesShape = {
  authorization_code: lifetime('Time to exchange an authorization code.'),
  access_token: lifetime('How long an access token is good.'),
  id_token: lifetime('How long an ID token is good.'),
  refresh_token: lifetime('How long a refresh token is good after its last use.'),
  refresh_token_absolute: lifetime(
    'How long refresh tokens go on from one sign-in, however often they are used.',
  ),
  refresh_token_grace: lifetime(
    'How long a used refresh token gives the same successor again, for a lost answer; 0 turns it off.',
    0,
  ),
  session: lifetime('How long a sign-in at the browser lasts.'),
  session_idle: lifetime('How long it lasts without any use.'),
  interaction: lifetime('How long a sign-in or consent page may stay open.'),
  password_reset: lifetime('How long what was sent to reset a password is good.'),
  impersonation: lifetime('How long an administrator acts as somebody else, tokens included.'),
} satisfies Record<keyof Lifetimes, z.ZodType>;

/** What pages call a provider of which nothing is said. */
export const DISPLAY_NAME = 'Signet';

/** What pages call the provider. */
export const displayName = words(100);

/** Settings of a provider that may change while it runs, beside its lifetimes. */
export const changeableShape = {
  display_name: displayName.optional().meta({ description: 'What pages call this provider.' }),
  signing_algorithm: z
    .enum(SIGNING_ALGORITHMS)
    .optional()
    .meta({ description: 'Algorithm of tokens.', usual: 'profile' }),
  access_token_format: z.enum(['jwt', 'opaque']).optional().meta({
    description: 'Signed JWT (RFC 9068) or a text that only this server can read.',
    usual: 'profile',
  }),
  require_pkce: z.boolean().optional().meta({
    description: 'Demand PKCE (RFC 7636) of every application that does not say otherwise.',
    usual: 'profile',
  }),
  consent: z.enum(['remember', 'always', 'skip']).optional().meta({
    description: 'Ask people once, each time, or not at all what an application may have.',
    usual: 'profile',
  }),
  refresh_token_rotation: z
    .enum(['rotate', 'none'])
    .optional()
    .meta({ description: 'Give a new refresh token with each use.', usual: 'profile' }),
  sign_in_by_email: z.boolean().optional().meta({
    description: 'Let people sign in with an e-mail address that nobody else has, beside their login name.',
    usual: 'profile',
  }),
  password_reset_uri: webUri(true)
    .optional()
    .meta({ description: 'Page that helps people who forgot their password, linked from the sign-in page.' }),
};

/** Every setting that may change while a provider runs, by its name. */
export const CHANGEABLE: Readonly<Record<string, z.ZodType>> = {
  ...changeableShape,
  ...Object.fromEntries(
    Object.entries(lifetimesShape).map(([name, schema]) => [`lifetimes.${name}`, schema]),
  ),
};
