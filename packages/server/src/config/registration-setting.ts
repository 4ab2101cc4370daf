import { isIP } from 'node:net';
import * as z from 'zod';
import { keySet, listOf, scopeText, textWith, webUri } from '../admin/client-metadata-fields.ts';
import { durationSchema } from '../admin/duration.ts';
import { type Fault, type FaultPath, sayChoice } from '../admin/fault.ts';
import { ADMIN_SCOPE_PREFIX } from '../model/admin-api.ts';
import {
  REGISTRABLE_GRANT_TYPES,
  REGISTRATION_ACCESS,
  type RegistrationAccess,
  type RegistrationPolicy,
} from '../model/registration.ts';
import { scopeValues } from '../model/scope.ts';

/** A host, `*.` and a domain, or a private scheme with its colon. */
function allowedHostFault(text: string): string | undefined {
  const isHost = isIP(text) !== 0 || /^(\*\.)?[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(text);
  const isScheme = /^[a-z][a-z0-9+.-]*:$/i.test(text) && !/^https?:$/i.test(text);
  return isHost || isScheme
    ? undefined
    : 'must be a host name, *. and a domain, an IP address, or a private scheme with its colon';
}

const statementIssuer = z
  .strictObject({
    issuer: z
      .string()
      .min(1)
      .max(2048)
      .meta({ description: 'What the statements say in `iss`, compared exactly.' }),
    jwks: keySet.optional().meta({ description: 'Public keys that the statements are signed with.' }),
    jwks_uri: webUri(true).optional().meta({
      description: 'Address of those keys, in the place of jwks.',
      usual: 'one of the two is needed',
    }),
  })
  .refine(({ jwks, jwks_uri }) => (jwks === undefined) !== (jwks_uri === undefined), {
    path: ['jwks'],
    error: 'is needed, or jwks_uri in its place: one of the two, and not both',
  });

const softwareStatement = z
  .strictObject({
    issuers: z.array(statementIssuer).max(100).default([]).meta({
      description:
        'Whose statements are taken: entries with issuer, and jwks or jwks_uri. A statement is not looked at where there is none.',
    }),
    required: z
      .boolean()
      .default(false)
      .meta({ description: 'Refuse registrations that bring no statement.' }),
  })
  .refine(({ issuers, required }) => !required || issuers.length > 0, {
    path: ['issuers'],
    error: 'is missing: nobody could register without an issuer of the required statements',
  })
  .prefault({})
  .meta({
    description:
      'Signed statements about the software, which count for more than its own word (RFC 7591 §2.3).',
  });

const noAdminScope = (text: string): boolean =>
  !scopeValues(text).some((value) => value.startsWith(ADMIN_SCOPE_PREFIX));

/** Registration of applications by themselves: whether, and within which bounds. */
export const registrationShape = {
  dynamic_registration: z
    .union([z.boolean(), z.enum(REGISTRATION_ACCESS)], {
      error: ({ input }) => sayChoice([...REGISTRATION_ACCESS, 'true', 'false'], input),
    })
    .transform((value): RegistrationAccess => {
      if (typeof value === 'string') return value;
      return value ? 'open' : 'off';
    })
    .default('off')
    .meta({
      description:
        'Who may register an application without an operator (RFC 7591): nobody, whoever brings an initial access token, or anybody. `true` is `open`, `false` is `off`. People are asked for consent each time; nobody vouches for what an application says of itself.',
      kind: REGISTRATION_ACCESS.map((one) => `\`${one}\``).join(' | '),
    }),
  registration: z
    .strictObject({
      allowed_hosts: listOf(
        textWith(253, allowedHostFault).transform((text) => text.toLowerCase()),
        1000,
      )
        .default([])
        .meta({
          description:
            'Hosts at which the redirects and all other addresses of an application may be: names, `*.` and a domain for everything below it, `localhost`, or a private scheme such as `com.example.app:`.',
          usual: 'every host',
        }),
      grant_types: listOf(z.enum(REGISTRABLE_GRANT_TYPES), 10)
        .refine((entries) => entries.length > 0, 'must have at least 1 entry')
        .default(['authorization_code', 'implicit', 'refresh_token'])
        .meta({
          description:
            'Grant types that applications may register. `client_credentials` only where dynamic_registration is `token`.',
        }),
      scope: scopeText
        .refine(noAdminScope, 'has a scope of the administration, which only an operator can give')
        .optional()
        .meta({
          description: 'The most that an application gets; what it asks for beyond is left out.',
          usual: 'every scope of the provider',
        }),
      expires_after: durationSchema(1).optional().meta({
        description: 'How long a registration lasts: then the application and its secret are good no more.',
        kind: 'duration',
        usual: 'for ever',
      }),
      unused_after: durationSchema(1).optional().meta({
        description:
          'After how long without a sign-in or token an application is removed (restorably for 30 days). Uses are noted once a day.',
        kind: 'duration',
        usual: 'never',
      }),
      software_statement: softwareStatement,
    })
    .prefault({})
    .meta({ description: 'What applications may register for themselves, and for how long.' }),
};

type Fields = Readonly<{
  dynamic_registration?: RegistrationAccess | undefined;
  registration?: RegistrationPolicy | undefined;
}>;

/** What does not go together. */
export function registrationFaults(
  { dynamic_registration, registration }: Fields,
  path: FaultPath,
): readonly Fault[] {
  if (registration === undefined) return [];
  const issuers = registration.software_statement.issuers.map(({ issuer }) => issuer);
  const repeated = issuers.findIndex((issuer, index) => issuers.indexOf(issuer) < index);
  return [
    ...(dynamic_registration === 'open' && registration.grant_types.includes('client_credentials')
      ? [
          {
            path: [...path, 'registration', 'grant_types'],
            message:
              'has client_credentials, with which anybody could get tokens without a person: set dynamic_registration to token, or take it out',
          },
        ]
      : []),
    ...(repeated < 0
      ? []
      : [
          {
            path: [...path, 'registration', 'software_statement', 'issuers', repeated, 'issuer'],
            message: 'is that of another entry too',
          },
        ]),
  ];
}
