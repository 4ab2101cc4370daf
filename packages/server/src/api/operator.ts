import { builtInClients } from '../admin/built-in-clients.ts';
import { ADMIN_SCOPES, COMMAND_LINE_CLIENT_ID } from '../model/admin-api.ts';
import type { Site } from '../web/site.ts';
import type { Caller } from './caller.ts';
import type { Answer, Method } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { notFound, Problem } from './problem.ts';
import { parseJson, readQuery } from './request.ts';
import { router } from './routes.ts';

/** What is asked for in this process; `version` is that of what is changed. */
export type Asked = Readonly<{
  method: Method;
  /** Below the interface, with its query. */
  path: string;
  body?: unknown;
  version?: number;
}>;

const findRoute = router(OPERATIONS);

/**
 * Does what the interface does, without HTTP and a token: for who can open the database, and so may do everything. Who they are in the audit
 * log says `site.provider`. Throws a `Problem`.
 */
export async function askAsOperator(site: Site, { method, path, body, version = 0 }: Asked): Promise<Answer> {
  const [address = '', query = ''] = path.split('?');
  const found = findRoute(address);
  const operation = found?.operations[method];
  // What concerns who has sent the request concerns nobody here.
  if (found === undefined || operation === undefined || !operation.needs.startsWith('signet:'))
    throw notFound('address in this interface');
  if (operation.body !== undefined && operation.body.optional !== true && body === undefined)
    throw new Problem('malformed-request', 'It takes a body.');
  return operation.work({
    site,
    provider: site.provider,
    caller: operatorOf(site),
    path: (name) => found.path[name] ?? '',
    query: readQuery(new URLSearchParams(query), operation.query ?? {}),
    // As it would be read from a request.
    body: operation.body === undefined || body === undefined ? undefined : parseJson(JSON.stringify(body)),
    version,
    idempotency_key: undefined,
  });
}

function operatorOf({ provider }: Site): Caller {
  const metadata = builtInClients(provider.tenant).find(
    ({ client_id }) => client_id === COMMAND_LINE_CLIENT_ID,
  );
  if (metadata === undefined) throw new Error('no command line');
  return {
    client: { metadata },
    user: undefined,
    powers: ADMIN_SCOPES,
    actor: provider.acting?.actor ?? 'command line',
    session_id: undefined,
    isOperator: true,
  };
}
