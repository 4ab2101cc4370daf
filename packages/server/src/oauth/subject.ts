import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import type { Client } from '../model/client.ts';
import type { User } from '../model/user.ts';

/** Who the person is for this client: the same for all, or one of its own for each sector (OIDC Core §8). */
export function subjectFor(provider: Provider, client: Client, user: User): string {
  if (client.metadata.subject_type === 'public') return user.sub;
  return mac(provider.secrets.pairwise, `${sectorOf(client)} ${user.sub}`).toString('base64url');
}

/** Host of the sector identifier, or of the redirect URIs, which registration keeps to one host (OIDC Core §8.1). */
function sectorOf({ metadata }: Client): string {
  return new URL(metadata.sector_identifier_uri ?? metadata.redirect_uris[0] ?? `urn:${metadata.client_id}`)
    .hostname;
}
