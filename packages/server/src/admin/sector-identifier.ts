import type { Provider } from '../keys/provider.ts';
import type { ClientMetadata } from '../model/client.ts';
import type { Fault } from './fault.ts';

/** Looks whether the sector knows every redirect of the client (OIDC Registration §5). What was fetched is told to nobody. */
export async function sectorFault(
  provider: Provider,
  { sector_identifier_uri, redirect_uris }: ClientMetadata,
): Promise<readonly Fault[]> {
  if (sector_identifier_uri === undefined) return [];
  const fault = (message: string): readonly Fault[] => [{ path: ['sector_identifier_uri'], message }];
  const listed = await listAt(provider, sector_identifier_uri);
  if (listed === undefined) return fault('could not be read as a JSON array of redirect URIs');
  return redirect_uris.every((uri) => listed.includes(uri))
    ? []
    : fault('does not list every one of the redirect_uris');
}

/** The texts in the document; undefined when there is none, or another one. */
async function listAt(provider: Provider, address: string): Promise<readonly unknown[] | undefined> {
  try {
    const { status, body } = await provider.fetchDocument(address);
    const parsed: unknown = status === 200 ? JSON.parse(body) : undefined;
    return Array.isArray(parsed) ? parsed : undefined;
  } catch (fault) {
    provider.warn(fault, 'The document of a sector could not be read.');
    return undefined;
  }
}
