import * as z from 'zod';
import { ADMIN_SCOPE_PREFIX } from '../model/admin-api.ts';
import { listOf, resourceUri, scopeText, textWith, words } from './client-metadata-fields.ts';
import { durationSchema } from './duration.ts';

const scopeFault = (text: string): string | undefined => {
  if (!/^[\x21\x23-\x5B\x5D-\x7E]+$/.test(text)) return 'is not one scope value (RFC 6749 §3.3)';
  return text.startsWith(ADMIN_SCOPE_PREFIX)
    ? `begins with ${ADMIN_SCOPE_PREFIX}, which is kept for scopes of the administration`
    : undefined;
};

/** A scope beside those of the profile, in a configuration file and in a request. */
export const scopeSchema = z.strictObject({
  scope: textWith(200, scopeFault).meta({ description: 'The scope value.' }),
  description: words(500).optional().meta({ description: 'What a person reads on the consent page.' }),
  claims: listOf(words(200), 100).default([]).meta({ description: 'Claims that the scope opens.' }),
});

/** An API that access tokens can be made for. */
export const resourceSchema = z.strictObject({
  resource: resourceUri.meta({
    description: 'The resource indicator, which becomes the aud of access tokens.',
  }),
  name: words(200).optional().meta({ description: 'What people call it.' }),
  scope: scopeText
    .optional()
    .meta({ description: 'Scope values that mean something there.', usual: 'every scope of the provider' }),
  access_token_format: z.enum(['jwt', 'opaque']).optional().meta({
    description: 'Form of the access tokens for it, whatever the application says.',
    usual: 'that of the application or the provider',
  }),
  access_token_lifetime: durationSchema(1).optional().meta({
    description: 'How long access tokens for it are good; an application may make it shorter.',
    kind: 'duration',
    usual: 'that of the application or the provider',
  }),
});
