import { BlockList } from 'node:net';
import { isRecord } from '../admin/fault.ts';
import type { Answer, Method } from '../api/operation.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { Provider } from '../keys/provider.ts';
import { normalizeUsername } from '../model/user.ts';
import { CommandError } from './command-error.ts';
import { type DatabaseWish, type TenantOptions, withProvider } from './open-app.ts';
import { refusalOf } from './problem-text.ts';
import {
  callServer,
  type Members,
  type Reply,
  type Sending,
  type ServerOptions,
  serverAt,
} from './remote.ts';

/** What an operation of the interface for administrators is asked of: a server elsewhere, or the configured database. */
export type Target = Readonly<{
  /** The server; undefined for the database. */
  server: string | undefined;
  /** What the configuration file says of the tenant, where it can be seen. */
  configured: TenantConfig | undefined;
  ask(method: Method, path: string, sending?: Sending): Promise<Reply>;
}>;

export type TargetOptions = TenantOptions & ServerOptions;

/** Does the work at the server that `--server` names, else on the configured database. */
export async function withTarget(
  options: TargetOptions,
  wish: DatabaseWish,
  work: (target: Target) => Promise<void>,
): Promise<void> {
  if (options.server !== undefined) {
    const server = serverAt(options.server);
    const ask: Target['ask'] = (method, path, sending) => callServer(server, method, path, sending);
    return work({ server, configured: undefined, ask });
  }
  await withProvider(options, wish, async (provider, { passwords, log, config }) => {
    const [{ askAsOperator }, { Problem, problemBody }] = await Promise.all([
      import('../api/operator.ts'),
      import('../api/problem.ts'),
    ]);
    const configured = config.tenants.find(({ name }) => name === provider.tenant.name);
    const site = {
      provider: asAtStart(provider, configured),
      passwords,
      log,
      trustedProxies: new BlockList(),
    };
    const ask: Target['ask'] = async (method, path, { body, patch, etag = '' } = {}) => {
      const version = Number(/^"(\d+)"$/.exec(etag)?.[1] ?? -1);
      try {
        return replyOf(await askAsOperator(site, { method, path, body: patch ?? body, version }));
      } catch (fault) {
        throw fault instanceof Problem
          ? refusalOf(fault.status, { ...problemBody(fault, undefined) })
          : fault;
      }
    };
    await work({ server: undefined, configured, ask });
  });
}

/** With the resources of the file, which the next start stores if none has yet. */
function asAtStart(provider: Provider, configured: TenantConfig | undefined): Provider {
  const { tenant } = provider;
  const stored = new Set(tenant.resources.map(({ resource }) => resource));
  const others = configured?.resources.filter(({ resource }) => !stored.has(resource)) ?? [];
  return { ...provider, tenant: { ...tenant, resources: [...tenant.resources, ...others] } };
}

/** As it would have come by HTTP. */
function replyOf({ body, headers = {} }: Answer): Reply {
  const read: unknown = JSON.parse(JSON.stringify(body ?? {}));
  return { body: isRecord(read) ? read : {}, etag: headers['etag'] };
}

/** Entries of a list, page by page, `atMost` of them; whether there are more. */
export async function listFrom(
  { ask }: Pick<Target, 'ask'>,
  path: string,
  atMost = Infinity,
): Promise<Readonly<{ entries: readonly Members[]; more: boolean }>> {
  const entries: Members[] = [];
  let after: unknown = null;
  do {
    const paging = new URLSearchParams({
      limit: String(Math.min(MOST_IN_A_PAGE, atMost - entries.length)),
      ...(typeof after === 'string' && { after }),
    });
    const { body } = await ask('GET', `${path}${path.includes('?') ? '&' : '?'}${paging.toString()}`);
    const { items, next } = body;
    if (Array.isArray(items)) entries.push(...items.filter(isRecord));
    after = next;
  } while (typeof after === 'string' && entries.length < atMost);
  return { entries, more: typeof after === 'string' };
}

const MOST_IN_A_PAGE = 200;

/** The `sub` of a person who is named by username; a name that nobody has is taken as one, for it may be a `sub` itself. */
export async function subOf(target: Pick<Target, 'ask'>, name: string): Promise<string> {
  const username = normalizeUsername(name);
  if (username === undefined) return name;
  try {
    const { entries } = await listFrom(target, `/users?q=${encodeURIComponent(username)}`);
    const sub = entries.find((one) => one['username'] === username)?.['sub'];
    return typeof sub === 'string' ? sub : name;
  } catch (fault) {
    // Who may not look at people may still know a `sub`.
    if (fault instanceof CommandError && fault.problem?.status === 403) return name;
    throw fault;
  }
}
