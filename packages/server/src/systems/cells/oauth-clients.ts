import { parseClientMetadata } from '../../admin/client-metadata.ts';
import { clientRules } from '../../admin/client-rules.ts';
import {
  type ClientView,
  createClient,
  deleteClient,
  getClient,
  listClients,
  updateClient,
} from '../../admin/clients.ts';
import { isPublicClient } from '../../model/client.ts';
import { actingAs } from '../../web/acting.ts';
import { requireAdministrator } from './caller.ts';
import { textOf, textsOf } from './fields.ts';
import { usableResponseTypes } from './response-types.ts';
import { badInput, type Json, notFound, type Place, readJson } from './rest.ts';

/** `/a/config/oauth2clients`: every application, without its secret, which nobody can read again. */
export const clientsPlace: Place = {
  GET: async (c, site) => {
    await requireAdministrator(c, site);
    return { staticClients: (await listClients(site.provider)).map(clientView) };
  },
};

const clientView = (client: ClientView): Json => ({
  client_id: client.client_id,
  ...(client.client_name !== undefined && { client_name: client.client_name }),
  grant_types: client.grant_types,
  redirect_uris: client.redirect_uris,
  post_logout_redirect_uris: client.post_logout_redirect_uris,
  response_types: client.response_types,
  ...(client.scope !== undefined && { scope: client.scope }),
  audience: client.resources ?? [],
});

/** `/a/config/oauth2clients/{ClientID}`. */
export const clientPlace: Place = {
  GET: async (c, site) => {
    await requireAdministrator(c, site);
    const client = await getClient(site.provider, c.req.param('id') ?? '');
    if (client === undefined) throw notFound('There is no such client.');
    return clientView(client);
  },
  PUT: async (c, site) => {
    const { user } = await requireAdministrator(c, site);
    const body = await readJson(c);
    const client_id = c.req.param('id') ?? '';
    if ((textOf(body, 'ClientID') || client_id) !== client_id)
      throw badInput('ClientID is not the one of the address.');
    const before = await getClient(site.provider, client_id);
    const { tenant } = site.provider;
    const parsed = parseClientMetadata(metadataOf(client_id, body, before), clientRules(tenant));
    if ('faults' in parsed)
      throw badInput(
        `${parsed.faults.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}.`,
      );
    const known = tenant.resources.map(({ resource }) => resource);
    if (parsed.metadata.resources?.some((resource) => !known.includes(resource)) === true)
      throw badInput('Audience names a resource that is not among those of the configuration.');
    const provider = actingAs(c, site, user.sub);
    const saved =
      before === undefined ? await createClient(provider, parsed) : await updateClient(provider, parsed);
    return { Success: saved !== undefined };
  },
  DELETE: async (c, site) => {
    const { user } = await requireAdministrator(c, site);
    const outcome = await deleteClient(actingAs(c, site, user.sub), c.req.param('id') ?? '');
    if (outcome === 'unknown') throw notFound('There is no such client.');
    return { Success: true };
  },
};

/** The registered metadata that the form means: what it does not name stays as it was. */
function metadataOf(client_id: string, body: Json, before: ClientView | undefined): Json {
  const grants = textsOf(body, 'GrantTypes') ??
    before?.grant_types ?? ['authorization_code', 'refresh_token'];
  const types = textsOf(body, 'ResponseTypes') ?? before?.response_types ?? ['code'];
  const audience = textsOf(body, 'Audience') ?? before?.resources ?? [];
  return {
    ...(before && unchanged(before)),
    client_id,
    ...secretOf(body, before),
    ...(textOf(body, 'Name') && { client_name: textOf(body, 'Name') }),
    redirect_uris: textsOf(body, 'RedirectURIs') ?? before?.redirect_uris ?? [],
    post_logout_redirect_uris:
      textsOf(body, 'PostLogoutRedirectURIs') ?? before?.post_logout_redirect_uris ?? [],
    grant_types: grants,
    response_types: usableResponseTypes(types, grants),
    ...(textOf(body, 'Scope', 4096) && { scope: textOf(body, 'Scope', 4096) }),
    resources: audience.length === 0 ? undefined : audience,
  };
}

/** The metadata without what only the store knows. */
function unchanged(client: ClientView): Json {
  const own = ['source', 'version', 'created_at', 'updated_at'];
  return Object.fromEntries(Object.entries(client).filter(([name]) => !own.includes(name)));
}

/** An empty secret makes a public client, as in the form; one that is not named stays, since nobody can have read it. */
function secretOf(body: Json, before: ClientView | undefined): Json {
  const secret = textOf(body, 'Secret', 512);
  if (secret === undefined && before !== undefined)
    return { token_endpoint_auth_method: before.token_endpoint_auth_method };
  if (secret === undefined || secret === '') return { token_endpoint_auth_method: 'none' };
  const method =
    before === undefined || isPublicClient(before) ? undefined : before.token_endpoint_auth_method;
  return { token_endpoint_auth_method: method ?? 'client_secret_basic', client_secret: secret };
}
