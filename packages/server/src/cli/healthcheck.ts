import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Config } from '../config/load.ts';
import { CommandError } from './command-error.ts';
import { type ConfigOptions, requireConfiguration } from './configuration.ts';
import { print } from './terminal.ts';

export type HealthcheckOptions = ConfigOptions & Readonly<{ probe: 'live' | 'ready' | 'started' }>;

/** `signet healthcheck`: asks the server of this configuration, on this machine, how it is. Ends with 0 or 1. */
export async function healthcheck({ probe, ...options }: HealthcheckOptions): Promise<void> {
  const { config } = requireConfiguration(options);
  const { status, body } = await ask(config, `/health/${probe}`);
  if (status !== 200) throw new CommandError('fault', `${probe}: ${body.trim() || status}`);
  print(body.trim());
}

type Answer = Readonly<{ status: number | undefined; body: string }>;

const PATIENCE = 4000;

function ask({ listen, management, tls }: Config, path: string): Promise<Answer> {
  const managed = management.port !== undefined && management.port !== 0;
  const { host, port } = managed ? { ...management } : listen;
  const place = { host: ownAddress(host), port, path, timeout: PATIENCE };
  return new Promise((resolve, reject) => {
    const failed = (why: string): void =>
      reject(new CommandError('fault', `The server at ${place.host} port ${port} ${why}.`));
    const request =
      tls === undefined || managed
        ? requestPlain(place)
        : // The certificate is for the issuer's name, and this is only about whether the process lives.
          requestTls({ ...place, rejectUnauthorized: false });
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.on('timeout', () =>
      request.destroy(new Error(`did not answer within ${PATIENCE / 1000} seconds`)),
    );
    request.on('error', ({ message }) =>
      failed(message.startsWith('did not') ? message : `is not there (${message})`),
    );
    request.end();
  });
}

/** An address of this machine to reach what listens on all of them. */
function ownAddress(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
