import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import type { Client } from '../model/client.ts';
import type { User } from '../model/user.ts';
import { uuidText } from '../model/uuid.ts';

/** Who the person is for this client: the same for all, or one of its own for each sector (OIDC Core §8). */
export function subjectFor(provider: Provider, client: Client, user: User): string {
  if (client.metadata.subject_type === 'public') return user.sub;
  return mac(provider.secrets.pairwise, `${sectorOf(client)} ${user.sub}`).toString('base64url');
}

/** Who a service is in its own tokens. The UUID is of the client's row, which no later client of the same name ever has. */
export function serviceSubject(provider: Provider, { row, metadata }: Client): string {
  return provider.tenant.profile.tokens.service_subject === 'client_id'
    ? metadata.client_id
    : clientUuid(provider, row);
}

/** The UUID of a client, by its row. */
export const clientUuid = (provider: Provider, row: number): string =>
  uuidText(mac(provider.secrets.pairwise, `service ${row}`), 8);

/** Host of the sector identifier, or of the redirect URIs, which registration keeps to one host (OIDC Core §8.1). */
function sectorOf({ metadata }: Client): string {
  return new URL(metadata.sector_identifier_uri ?? metadata.redirect_uris[0] ?? `urn:${metadata.client_id}`)
    .hostname;
}
