import { type Answered, post } from '../../support/person.ts';
import { ADMIN, asked, bearer, type Cells, call, SCOPE, TOKEN, type Told, tokensFor } from './cells.ts';

export const CLIENTS = '/a/config/oauth2clients';
/** A client as it is listed. */
export type Entry = Record<string, unknown>;

/** Calls of an administrator's program. */
export async function administrator(cells: Cells) {
  const { access_token } = await tokensFor(cells, asked(), { account: ADMIN });
  return administratorWith(cells, access_token);
}

function administratorWith(cells: Cells, access_token: string | undefined) {
  const send = (method: string, path: string, body?: unknown): Promise<Told> =>
    call(cells, [method, CLIENTS + path], body, bearer(access_token));
  return {
    list: async (): Promise<Entry[]> => (await send('GET', '')).body['staticClients'] as Entry[],
    put: (id: string, body: object) => send('PUT', `/${id}`, body),
    remove: (id: string) => send('DELETE', `/${id}`),
  };
}

/** The form of the documentation's example, filled in. */
export const FORM = {
  Name: 'Own program',
  ClientID: 'own',
  Secret: 'secret-of-own',
  RedirectURIs: ['http://localhost:9100/cb', '#binds...#/oauth2/oob'],
  GrantTypes: ['authorization_code', 'refresh_token'],
  ResponseTypes: ['code', 'token', 'id_token'],
  Scope: SCOPE,
  Audience: [],
};
export const OWN_CALLBACK = 'http://localhost:9100/cb';
export const OWN_REQUEST = asked({ client_id: 'own', redirect_uri: OWN_CALLBACK });

/** Exchanges a code of that client. */
export const redeem = (
  cells: Cells,
  code: string,
  form: Record<string, string>,
  headers = {},
): Promise<Answered> =>
  post(
    cells.url(TOKEN),
    { grant_type: 'authorization_code', code, redirect_uri: OWN_CALLBACK, ...form },
    headers,
  );

/** The same where cells-client may be missing. */
export async function administratorBySession(cells: Cells) {
  const { body } = await call(cells, ['POST', '/a/frontend/session'], {
    AuthInfo: { type: 'credentials', login: ADMIN.username, password: ADMIN.password },
  });
  return administratorWith(cells, String(body['JWT']));
}
