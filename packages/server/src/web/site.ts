import type { BlockList } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { Passwords } from '../identity/passwords.ts';
import type { Provider } from '../keys/provider.ts';

/** What the pages and endpoints of one tenant work with. */
export type Site = Readonly<{
  provider: Provider;
  passwords: Passwords;
  /** Proxies whose word for the client's address is taken. */
  trustedProxies: BlockList;
  log: Logger;
}>;

export type WebContext = Context<WebEnvironment>;

/** What a request brings along: its connection, and whether cookies were set in its answer. */
export type WebEnvironment = { Bindings: HttpBindings; Variables: { hasCookies?: boolean } };
export type Route = (c: WebContext, site: Site) => Promise<Response>;

/** What an endpoint answers to, by method; a method that is not named is refused with 405. */
export type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Route>>>;
