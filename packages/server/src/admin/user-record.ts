import * as z from 'zod';
import { isKnownHash } from '../identity/password-hash.ts';
import type { UserClaims, UserRole } from '../model/user.ts';
import { normalizeUsername, USER_ROLES } from '../model/user.ts';
import { textWith, words } from './client-metadata-fields.ts';
import type { Fault } from './fault.ts';
import { checkFields, isRecord, sizeFault } from './fault.ts';
import { groupNames } from './group-record.ts';

/** A user as an operator writes one; the plain password lives only until it is hashed. */
export type UserRecord = Readonly<{
  /** In its one spelling (`normalizeUsername`). */
  username: string;
  /** For a user who is made; of one who is there it must be the one that he has. */
  sub?: string | undefined;
  password?: string | undefined;
  /** PHC text (argon2id) or a foreign hash that is replaced at the first sign-in. */
  password_hash?: string | undefined;
  claims: UserClaims;
  role: UserRole;
  /** This and what follows is left out where it is not said, so that what an operator did elsewhere is kept. */
  groups?: readonly string[] | undefined;
  disabled?: boolean | undefined;
}>;

const MAX_BYTES = 32 * 1024;

/** Why a text is no hash that a sign-in can be checked against, or undefined when it is one. */
export const passwordHashFault = (text: string): string | undefined =>
  isKnownHash(text)
    ? undefined
    : 'is not a password hash that can be checked: argon2, scrypt or pbkdf2 as a PHC text such as ' +
      '$argon2id$v=19$m=65536,t=3,p=4$…, or bcrypt $2b$…, at a cost that a sign-in can bear';

const pageFault = (text: string): string | undefined =>
  /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? undefined : 'is not a web address';
const page = textWith(2048, pageFault);
const word = words(200);
const email = textWith(320, (text) =>
  /^[^\s@]+@[^\s@]+$/.test(text) ? undefined : 'is not an e-mail address',
);
const birthdate = textWith(10, (text) =>
  /^\d{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/.test(text)
    ? undefined
    : 'must be written YYYY-MM-DD or YYYY (OIDC Core §5.1)',
);
const address = z.strictObject({
  formatted: z.string().max(1000).optional(),
  street_address: z.string().max(1000).optional(),
  locality: word.optional(),
  region: word.optional(),
  postal_code: word.optional(),
  country: word.optional(),
});

/** The standard claims with their types (OIDC Core §5.1). */
const claimsShape = {
  name: word.optional(),
  given_name: word.optional(),
  family_name: word.optional(),
  middle_name: word.optional(),
  nickname: word.optional(),
  preferred_username: word.optional(),
  profile: page.optional(),
  picture: page.optional(),
  website: page.optional(),
  email: email.optional(),
  email_verified: z.boolean().optional(),
  gender: word.optional(),
  birthdate: birthdate.optional(),
  zoneinfo: word.optional(),
  locale: word.optional(),
  phone_number: word.optional(),
  phone_number_verified: z.boolean().optional(),
  address: address.optional(),
  updated_at: z.int().min(0).optional(),
};

/** Claims that the server itself makes; a person's record never speaks for it. */
const RESERVED_CLAIMS = new Set(
  'iss sub aud exp nbf iat jti nonce sid acr amr azp auth_time at_hash c_hash s_hash client_id scope cnf act may_act events sub_jwk active token_type __proto__ _claim_names _claim_sources'.split(
    ' ',
  ),
);

const CLAIMS_MEANING =
  'What applications may learn: the standard claims (OIDC Core §5.1), which are texts, but email_verified and phone_number_verified ' +
  'true or false, updated_at seconds since 1970, and address a group of formatted, street_address, locality, region, postal_code and ' +
  'country; and any others by any other name.';

/** A user as the file and the command line give one. */
const userShape = {
  username: z
    .string()
    .transform((text, check) => {
      const name = normalizeUsername(text);
      if (name !== undefined) return name;
      check.addIssue({ code: 'custom', message: 'must be 1 to 255 characters without control characters' });
      return z.NEVER;
    })
    .meta({ description: 'The name the person signs in with; capitals make no difference.' }),
  sub: textWith(255, (text) =>
    /^[\x21-\x7E]+$/.test(text)
      ? undefined
      : 'has blanks or characters outside printable ASCII (OIDC Core §2)',
  )
    .optional()
    .meta({
      description:
        'The name by which applications know the person (OIDC Core §2), for a user who is brought from elsewhere; it can never be changed.',
      usual: 'made at random',
    }),
  password: z.string().min(1).max(1024).optional().meta({
    description: 'The password; it is stored as an argon2id hash.',

    usual: 'none: cannot sign in with a password',
  }),
  password_hash: textWith(2048, passwordHashFault).optional().meta({
    description:
      'In its place a hash: PHC text (argon2id), or a foreign one such as bcrypt, replaced at the first sign-in.',
  }),
  claims: z.looseObject(claimsShape).default({}).meta({ description: CLAIMS_MEANING, usual: '{}' }),
  role: z.enum(USER_ROLES).default('user').meta({
    description:
      'What the person may do of the administration: admin everything; support reads everything and helps people; auditor reads everything.',
  }),
  groups: groupNames.optional().meta({
    description:
      'Names of the groups that the person is in, and of no others; where it is left out, they stay in those they are in.',
  }),
  disabled: z.boolean().optional().meta({ description: 'Refuse sign-in while true.' }),
};

/** The table as one schema, for documents and JSON Schema. */
export const userSchema = z.strictObject(userShape);

/** Checks a user as an operator writes one. All faults together; no fault repeats a password. */
export function parseUserRecord(input: unknown): { user: UserRecord } | { faults: readonly Fault[] } {
  const tooLarge = sizeFault(input, MAX_BYTES);
  if (tooLarge !== undefined) return { faults: [{ path: [], message: tooLarge }] };
  if (!isRecord(input)) return { faults: [{ path: [], message: 'must be a group of keys with values' }] };
  const checked = checkFields(userShape, input, []);
  const faults = [...checked.faults, ...claimFaults(input.claims)];
  if (checked.fields.password !== undefined && checked.fields.password_hash !== undefined) {
    faults.push({ path: ['password_hash'], message: 'is given beside password: only one of the two may be' });
  }
  return checked.complete === undefined || faults.length > 0 ? { faults } : { user: checked.complete };
}

function claimFaults(claims: unknown): readonly Fault[] {
  if (!isRecord(claims)) return [];
  return Object.entries(claims).flatMap(([name, value]) => {
    const path = ['claims', name];
    if (RESERVED_CLAIMS.has(name)) return [{ path, message: 'is a claim that only the server itself makes' }];
    if (name === '' || name.length > 200 || /[\p{Cc}\p{Cf}]/u.test(name))
      return [{ path, message: 'is not a name for a claim' }];
    return value === null && !Object.hasOwn(claimsShape, name)
      ? [{ path, message: 'is empty: give it a value or remove it' }]
      : [];
  });
}
