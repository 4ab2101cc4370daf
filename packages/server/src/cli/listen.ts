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

/** Begins to accept connections; resolves with the port. */
export function listen(server: Server, { host, port }: Config['listen']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (fault) => reject(new CommandError('fault', sayWhyNot(fault, host, port))));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function sayWhyNot(fault: Error, host: string, port: number): string {
  const code = 'code' in fault ? fault.code : undefined;
  const where = `${host} port ${port}`;
  if (code === 'EADDRINUSE') {
    return `${where} is in use: is Signet running already? Stop what listens there, or set listen.port (SIGNET_LISTEN_PORT).`;
  }
  if (code === 'EACCES') {
    return `${where} is not open to this user: ports below 1024 need a permission. Set listen.port to another one.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: set listen.host to one that is, such as 127.0.0.1 or 0.0.0.0.`;
  }
  return `${where} cannot be listened on: ${fault.message}.`;
}
