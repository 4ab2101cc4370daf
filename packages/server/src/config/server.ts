import { resolve } from 'node:path';
import { isLoopbackHost, portOf } from './issuer.ts';
import type { Settings } from './merge.ts';
import type { ServerFields } from './settings.ts';

/** What the process itself is told, beside its providers. Paths are absolute. */
export type ServerConfig = Readonly<{
  listen: Readonly<{ host: string; port: number }>;
  /** PEM files of its own TLS. */
  tls?: Readonly<{ cert_file: string; key_file: string }> | undefined;
  /** `sqlite:/absolute/path`, `sqlite::memory:` or `postgres://…`, which may hold a password. */
  database: string;
  master_secret?: string | undefined;
  trusted_proxies: readonly string[];
  log: Readonly<{
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
    format: 'json' | 'text';
    requests: 'all' | 'errors' | 'none';
  }>;
  /** Without a port there is no management listener. */
  management: Readonly<{ host: string; port?: number | undefined }>;
  /** Seconds. */
  shutdown: Readonly<{ delay: number; patience: number }>;
  overload: Readonly<{ most_in_flight: number; longest_turn_ms: number }>;
  outbound: Readonly<{ allow_hosts: readonly string[] }>;
  /** Without it no mail is sent. `smtp` may hold a password. */
  mail?: Readonly<{ smtp: string; from: string }> | undefined;
  allow_insecure_issuer: boolean;
}>;

const USUAL_PORT = 8080;
const USUAL_DATABASE = 'sqlite:./data/signet.db';

/** The issuer of a server without a file: this machine, at the port it listens on. Undefined when that is left to the system. */
export function usualIssuer(fields: Partial<ServerFields>): string | undefined {
  const port = fields.listen?.port ?? USUAL_PORT;
  const scheme = fields.tls === undefined ? 'http' : 'https';
  return port === 0 ? undefined : new URL(`${scheme}://localhost:${port}`).origin;
}

/** Fills in what depends on other settings. */
export function completeServer(
  fields: ServerFields,
  tenants: readonly { issuer: string }[],
  settings: Settings,
): ServerConfig {
  const local = tenants
    .map(({ issuer }) => new URL(issuer))
    .filter(({ hostname }) => isLoopbackHost(hostname));
  const ports = new Set(local.map(portOf));
  const [port = USUAL_PORT] = ports.size === 1 ? ports : [];
  const host = local.length > 0 && local.every(({ hostname }) => hostname === '[::1]') ? '::1' : '127.0.0.1';
  const { listen, tls, database, mail, ...rest } = fields;
  const from = (path: readonly string[], file: string): string => resolve(settings.folderOf(path), file);
  return {
    ...rest,
    listen: { host, port, ...listen },
    ...(mail?.smtp !== undefined && { mail: { smtp: mail.smtp, from: mail.from } }),
    database: databaseAddress(database ?? USUAL_DATABASE, settings.folderOf(['database'])),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            cert_file: from(['tls', 'cert_file'], tls.cert_file),
            key_file: from(['tls', 'key_file'], tls.key_file),
          },
        }),
  };
}

function databaseAddress(text: string, folder: string): string {
  if (!text.startsWith('sqlite:') || text === 'sqlite::memory:') return text;
  return `sqlite:${resolve(folder, text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, ''))}`;
}
