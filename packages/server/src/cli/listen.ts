import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app.ts';
import type { Config } from '../config/load.ts';
import { CommandError } from './command-error.ts';

/** The app's server, with a sentence instead of a stack when its certificate or key cannot be used. */
export function makeServer(app: App): Server {
  const { tls } = app.config;
  try {
    return app.createServer();
  } catch (fault) {
    if (tls === undefined || !(fault instanceof Error)) throw fault;
    const what = 'path' in fault ? String(fault.path) : `${tls.cert_file} with ${tls.key_file}`;
    throw new CommandError('fault', `The certificate or key cannot be used: ${what} (${fault.message}).`);
  }
}

/** Where to listen; with `reusePort`, several processes listen there and the system shares out the connections. */
export type Place = Config['listen'] & Readonly<{ reusePort?: boolean; setting?: 'listen' | 'management' }>;

/** Begins to accept connections; resolves with the port. */
export function listen(server: Server, place: Place): Promise<number> {
  const { host, port, reusePort = false } = place;
  return new Promise((resolve, reject) => {
    server.once('error', (fault) => reject(new CommandError('fault', sayWhyNot(fault, place))));
    server.listen({ port, host, reusePort }, () => resolve((server.address() as AddressInfo).port));
  });
}

function sayWhyNot(fault: Error, { host, port, setting = 'listen' }: Place): string {
  const code = 'code' in fault ? fault.code : undefined;
  const where = `${host} port ${port}`;
  if (code === 'EADDRINUSE') {
    return `${where} is in use: is Signet running already? Stop what listens there, or set ${setting}.port (SIGNET_${setting.toUpperCase()}_PORT).`;
  }
  if (code === 'EACCES') {
    return `${where} is not open to this user: ports below 1024 need a permission. Set ${setting}.port to another one.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: set ${setting}.host to one that is, such as 127.0.0.1 or 0.0.0.0.`;
  }
  return `${where} cannot be listened on: ${fault.message}.`;
}
