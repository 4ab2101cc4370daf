import type { ClientMetadata } from '../model/client.ts';
import { parseUri } from '../model/redirect-uri.ts';
import type { RegistrationPolicy } from '../model/registration.ts';
import type { Fault } from './fault.ts';

/** Every address that an application can give. */
const ADDRESSES = [
  'redirect_uris',
  'post_logout_redirect_uris',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'initiate_login_uri',
  'jwks_uri',
  'sector_identifier_uri',
  'backchannel_logout_uri',
] as const satisfies readonly (keyof ClientMetadata)[];

/** Those that the server itself asks: nobody whom no operator knows has it ask its own machine, or in plain text. */
const FETCHED = ['jwks_uri', 'backchannel_logout_uri'] as const;

/** What of sound metadata the policy does not allow. */
export const policyFaults = (
  metadata: ClientMetadata,
  { allowed_hosts }: Pick<RegistrationPolicy, 'allowed_hosts'>,
): readonly Fault[] => [
  ...FETCHED.flatMap((key) =>
    metadata[key] === undefined || /^https:/i.test(metadata[key])
      ? []
      : [{ path: [key], message: 'must begin with https://' }],
  ),
  ...(allowed_hosts.length === 0 ? [] : strangeHosts(metadata, allowed_hosts)),
];

const strangeHosts = (metadata: ClientMetadata, allowed: readonly string[]): readonly Fault[] =>
  ADDRESSES.flatMap((key) => {
    const value = metadata[key];
    const addresses = typeof value === 'string' ? [value] : (value ?? []);
    return addresses.flatMap((text, index) =>
      allowed.some((entry) => isAt(entry, text))
        ? []
        : [
            {
              path: typeof value === 'string' ? [key] : [key, index],
              message: 'is at a place that applications may not register here',
            },
          ],
    );
  });

/** Whether an address is at a host, below a domain, or of a private scheme. What a private scheme calls its host is nobody's. */
function isAt(entry: string, text: string): boolean {
  const uri = parseUri(text);
  if (uri === undefined) return false;
  if (entry.endsWith(':')) return uri.protocol === entry;
  if (!/^https?:$/.test(uri.protocol)) return false;
  const host = uri.hostname.replace(/^\[|\]$/g, '');
  return entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : host === entry;
}
