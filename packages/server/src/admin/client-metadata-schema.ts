import * as z from 'zod';
import type { ClientMetadata } from '../model/client.ts';
import { CLIENT_AUTH_METHODS, GRANT_TYPES, SIGNING_ALGORITHMS } from '../model/client.ts';
import {
  clientIdText,
  keySet,
  listOf,
  resourceUri,
  responseType,
  scopeText,
  secretText,
  uri,
  webUri,
  words,
} from './client-metadata-fields.ts';
import { durationSchema } from './duration.ts';

const algorithms = [...SIGNING_ALGORITHMS] as const;
const uris = listOf(uri, 200);

const usual = (text: string) => ({ usual: text });

/** Client metadata by its registered names (RFC 7591 §2, OpenID Connect Registration §2), then Signet's own switches. */
export const clientShape = {
  client_id: clientIdText.meta({
    description: 'The name by which the application presents itself.',
  }),
  client_secret: secretText.optional().meta({
    description: 'The secret the application proves itself with; at least 32 bytes for client_secret_jwt.',
  }),
  client_name: words(200)
    .optional()
    .meta({
      description: 'The name people see on the sign-in and consent pages.',
      ...usual('the client_id'),
    }),
  client_uri: webUri(true).optional().meta({ description: 'Home page of the application.' }),
  logo_uri: webUri(true)
    .optional()
    .meta({ description: 'Picture of the application; pages do not show it.' }),
  policy_uri: webUri(true)
    .optional()
    .meta({ description: 'Page that says how the application uses what it learns of a person.' }),
  tos_uri: webUri(true).optional().meta({ description: 'Terms of service of the application.' }),
  initiate_login_uri: webUri(true)
    .optional()
    .meta({ description: 'Where a sign-in at the application can be started (OIDC Core §4).' }),
  contacts: listOf(words(320), 20)
    .optional()
    .meta({ description: 'People responsible for the application, usually e-mail addresses.' }),
  software_id: words(200).optional().meta({
    description: 'Name of the software, the same for all its installations (RFC 7591 §2).',
  }),
  software_version: words(200).optional().meta({ description: 'Version of that software.' }),
  application_type: z
    .enum(['web', 'native'])
    .optional()
    .meta({
      description:
        'Kind of application: native ones may have private-scheme redirects such as com.example.app:/cb.',
      ...usual('native when a redirect has a private scheme, else web'),
    }),
  redirect_uris: uris.default([]).meta({
    description:
      'Where answers may be sent, compared exactly (only the port of a loopback address is free). Needed for authorization_code and implicit.',
  }),
  post_logout_redirect_uris: uris
    .default([])
    .meta({ description: 'Where a browser may be sent after it signed out.' }),
  grant_types: listOf(z.enum(GRANT_TYPES), 10)
    .default(['authorization_code'])
    .meta({ description: 'Ways in which the application gets tokens.' }),
  response_types: listOf(responseType, 10)
    .optional()
    .meta({
      description: 'What the application may ask for at the authorization endpoint; words in any order.',
      ...usual('[code] with authorization_code, else none'),
    }),
  scope: scopeText.optional().meta({
    description: 'Scope values the application may ask for, separated by blanks.',
    ...usual('every scope of the provider'),
  }),
  token_endpoint_auth_method: z.enum(CLIENT_AUTH_METHODS).default('client_secret_basic').meta({
    description: 'How the application proves itself at the token endpoint; none is a public client.',
  }),
  token_endpoint_auth_signing_alg: z
    .enum(['HS256', ...algorithms])
    .optional()
    .meta({
      description: 'The one algorithm accepted for client_secret_jwt or private_key_jwt.',
      ...usual('any that fits the method'),
    }),
  jwks: keySet.optional().meta({ description: 'Public keys of the application (RFC 7517).' }),
  jwks_uri: webUri(true)
    .optional()
    .meta({ description: 'Address of the public keys of the application, in the place of jwks.' }),
  subject_type: z.enum(['public', 'pairwise']).default('public').meta({
    description: 'Whether a person has the same sub at every application, or another one at each sector.',
  }),
  sector_identifier_uri: webUri(false).optional().meta({
    description:
      'https address whose host names the sector of pairwise subjects; needed when the redirects have several hosts.',
  }),
  id_token_signed_response_alg: z
    .enum(algorithms)
    .optional()
    .meta({
      description: 'Algorithm of ID tokens for this application.',
      ...usual('signing_algorithm of the provider'),
    }),
  userinfo_signed_response_alg: z
    .enum(algorithms)
    .optional()
    .meta({ description: 'Answer userinfo as a JWT signed with this algorithm.', ...usual('plain JSON') }),
  request_object_signing_alg: z
    .enum(['none', ...algorithms])
    .optional()
    .meta({
      description: 'The one algorithm accepted for request objects; none allows unsigned ones.',
      ...usual('any but none'),
    }),
  require_signed_request_object: z
    .boolean()
    .optional()
    .meta({
      description: 'Accept authorization requests only as signed request objects (RFC 9101).',
      ...usual('false'),
    }),
  backchannel_logout_uri: webUri(true).optional().meta({
    description:
      'Where the application is told, server to server, that a session is over (OpenID Connect Back-Channel Logout).',
  }),
  backchannel_logout_session_required: z
    .boolean()
    .optional()
    .meta({
      description: 'Whether it needs the session in that message, which always has it.',
      ...usual('false'),
    }),
  default_max_age: durationSchema(0).optional().meta({
    description: 'Age of a sign-in after which this application has it repeated.',
    kind: 'duration',
  }),
  require_auth_time: z
    .boolean()
    .optional()
    .meta({ description: 'Always tell auth_time in ID tokens.', ...usual('false') }),
  default_acr_values: listOf(words(200), 20)
    .optional()
    .meta({ description: 'Authentication contexts asked for when a request names none, best first.' }),
  require_pkce: z
    .boolean()
    .optional()
    .meta({
      description: 'Demand PKCE (RFC 7636) of this application.',
      ...usual('require_pkce of the provider'),
    }),
  consent: z
    .enum(['remember', 'always', 'skip'])
    .optional()
    .meta({
      description: 'Ask people once, each time, or not at all (for applications of your own).',
      ...usual('consent of the provider'),
    }),
  resources: listOf(resourceUri, 100)
    .optional()
    .meta({
      description: 'Resources (RFC 8707) the application may ask for.',
      ...usual('every resource of the provider'),
    }),
  introspection_audiences: listOf(resourceUri, 100).optional().meta({
    description:
      'Resources whose access tokens it may introspect, besides its own tokens (RFC 7662 §4): for the API behind them.',
  }),
  access_token_format: z
    .enum(['jwt', 'opaque'])
    .optional()
    .meta({
      description: 'Signed JWT (RFC 9068) or a text that only this server can read.',
      ...usual('access_token_format of the provider'),
    }),
  access_token_lifetime: durationSchema(1)
    .optional()
    .meta({
      description: 'How long its access tokens are good.',
      ...usual('lifetimes.access_token'),
      kind: 'duration',
    }),
  refresh_token_lifetime: durationSchema(1)
    .optional()
    .meta({
      description: 'How long its refresh tokens are good after their last use.',
      ...usual('lifetimes.refresh_token'),
      kind: 'duration',
    }),
  refresh_token_rotation: z
    .enum(['rotate', 'none'])
    .optional()
    .meta({
      description: 'Give a new refresh token with each use.',
      ...usual('refresh_token_rotation of the provider'),
    }),
  pkce_without_secret: z
    .boolean()
    .optional()
    .meta({
      description:
        'Let the application redeem a code it asked for with PKCE, and refresh what follows from it, without its secret.',
      ...usual('false'),
    }),
  allowed_users: listOf(words(255), 10_000)
    .optional()
    .meta({
      description: 'Usernames of those who may sign in to the application.',
      ...usual('everybody'),
    }),
  description: words(1000)
    .optional()
    .meta({ description: 'What the application is for; people who sign in do not see it.' }),
  organization_id: words(200).optional().meta({
    description: 'Organization that the application belongs to; some profiles tell it in tokens.',
  }),
  may_administer: z
    .boolean()
    .optional()
    .meta({
      description:
        'Let the application administer this provider with tokens of its own (client_credentials): it can do what an administrator can.',
      ...usual('false'),
    }),
  accept_token_endpoint_audience: z
    .boolean()
    .optional()
    .meta({
      description:
        'Also accept client assertions made for the address of the token endpoint, for older libraries.',
      ...usual('false'),
    }),
  disabled: z
    .boolean()
    .optional()
    .meta({ description: 'Refuse everything to this application while true.', ...usual('false') }),
} satisfies Record<keyof ClientMetadata | 'client_secret', z.ZodType>;

/** The table as one schema, for documents and JSON Schema; `parseClientMetadata` checks more than it can say. */
export const clientSchema = z.strictObject(clientShape);
