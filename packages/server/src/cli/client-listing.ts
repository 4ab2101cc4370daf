import type { TableRow } from './table.ts';

type Members = Readonly<Record<string, unknown>>;

const words = (value: unknown): string =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(', ') : '';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How clients are listed, from the database and from a server alike. */
export const CLIENT_LISTING = {
  id: (client: Members): string => String(client['client_id']),
  columns: ['client_id', 'name', 'grant_types', 'authentication', 'state', 'source'],
  row: (client: Members): TableRow => ({
    client_id: text(client['client_id']),
    name: text(client['client_name']),
    grant_types: words(client['grant_types']),
    authentication: text(client['token_endpoint_auth_method']),
    state: client['disabled'] === true ? 'disabled' : 'active',
    source: text(client['source']),
  }),
} as const;
