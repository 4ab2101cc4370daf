import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { type PeerCertificate, TLSSocket } from 'node:tls';

/** What the other end showed of itself; `refused` is why a program that checks would go no further. */
export type RemoteTls = Readonly<{
  valid_to: string;
  protocol: string | null;
  refused: string | undefined;
}>;

export type Fetched = Readonly<{
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  date: string | undefined;
  /** Whether a forged header came back. */
  forged: boolean;
  tls: RemoteTls | undefined;
}>;

/** Milliseconds for the whole answer. */
const PATIENCE = 5000;
const MOST_BYTES = 256 * 1024;

/** A name that nobody has (RFC 2606). */
const FORGED = 'forged.invalid';

/** Gets an address as somebody who is trusted by no one, following no redirect; a bad certificate is told and no hindrance. */
export function fetchAsStranger(address: string): Promise<Fetched | Readonly<{ fault: string }>> {
  const url = new URL(address);
  const headers = { accept: 'application/json', 'x-forwarded-host': FORGED };
  const options = { headers, timeout: PATIENCE, agent: false } as const;
  return new Promise((resolve) => {
    const request =
      url.protocol === 'https:'
        ? requestTls(url, { ...options, rejectUnauthorized: false })
        : requestPlain(url, options);
    request.on('response', (response) => {
      const tls = tlsOf(response);
      readBody(response, (body) =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          date: response.headers.date,
          forged: `${JSON.stringify(response.headers)} ${body}`.includes(FORGED),
          tls,
        }),
      );
    });
    request.on('timeout', () =>
      request.destroy(new Error(`no answer came within ${PATIENCE / 1000} seconds`)),
    );
    request.on('error', (fault) => resolve({ fault: wordsOf(fault) }));
    request.end();
  });
}

function readBody(response: IncomingMessage, done: (body: string) => void): void {
  let body = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    body += text;
    if (body.length > MOST_BYTES) response.destroy();
  });
  response.on('close', () => done(body));
}

function tlsOf({ socket }: IncomingMessage): RemoteTls | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate();
  return {
    valid_to: certificate.valid_to ?? '',
    protocol: socket.getProtocol(),
    refused: socket.authorized ? undefined : String(socket.authorizationError),
  };
}

/** A name with several addresses fails with one fault for each. */
const wordsOf = (fault: Error): string =>
  fault instanceof AggregateError
    ? [
        ...new Set(fault.errors.map((one: unknown) => (one instanceof Error ? one.message : String(one)))),
      ].join('; ')
    : fault.message;
