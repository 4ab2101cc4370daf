import { connect, type Socket } from 'node:net';
import { type Incoming, incoming, type Reply } from './http-answer.ts';

/** What came of a request: `unsent` never reached a server, `unknown` may have been done and nobody can tell. */
export type Sent =
  | Readonly<{ kind: 'reply'; reply: Reply }>
  | Readonly<{ kind: 'unsent' | 'unknown'; reason: string }>;

export type Request = Readonly<{
  method?: 'GET' | 'POST';
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** A form, sent as application/x-www-form-urlencoded. */
  form?: Readonly<Record<string, string>>;
}>;

export type HttpClient = Readonly<{
  send: (port: number, request: Request) => Promise<Sent>;
  close: () => void;
}>;

export type HttpOptions = Readonly<{
  /** The Host header: the issuer's, whichever node is asked. */
  host: string;
  /** Milliseconds after which an answer is no longer waited for. */
  patience?: number;
  /** Whether connections are used again. */
  keepAlive?: boolean;
}>;

type Waiting = { answer: Incoming; done: (sent: Sent) => void };
type Connection = { socket: Socket; isOpen: boolean; waiting: Waiting | undefined };

/** A small HTTP/1.1 client: cheap, so that the machine is left to the server, and exact about what was sent. */
export function httpClient({ host, patience = 15_000, keepAlive = true }: HttpOptions): HttpClient {
  const idle = new Map<number, Connection[]>();
  const all = new Set<Connection>();

  const rest = (port: number, connection: Connection): void => {
    const list = idle.get(port) ?? [];
    list.push(connection);
    idle.set(port, list);
  };
  const take = (port: number): Connection | undefined => {
    const list = idle.get(port) ?? [];
    for (let found = list.pop(); found !== undefined; found = list.pop()) {
      if (!found.socket.destroyed && found.socket.readable) return found;
    }
    return undefined;
  };
  const send = (port: number, request: Request): Promise<Sent> =>
    new Promise((resolve) => {
      const connection = take(port) ?? open(port, all);
      const limit = setTimeout(() => {
        connection.socket.destroy(new Error(`no answer within ${patience} ms`));
      }, patience);
      connection.waiting = {
        answer: incoming(),
        done: (sent) => {
          clearTimeout(limit);
          connection.waiting = undefined;
          const isReusable =
            keepAlive && sent.kind === 'reply' && sent.reply.headers['connection'] !== 'close';
          if (isReusable) rest(port, connection);
          else connection.socket.destroy();
          resolve(sent);
        },
      };
      connection.socket.write(formatRequest(request, host, keepAlive));
    });
  return {
    send,
    close: () => {
      for (const { socket } of all) socket.destroy();
    },
  };
}

function open(port: number, all: Set<Connection>): Connection {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const connection: Connection = { socket, isOpen: false, waiting: undefined };
  all.add(connection);
  let reason = 'the connection was closed';
  socket.on('connect', () => {
    connection.isOpen = true;
  });
  socket.on('data', (chunk: Buffer) => {
    const reply = connection.waiting?.answer.add(chunk);
    if (reply !== undefined) connection.waiting?.done({ kind: 'reply', reply });
  });
  socket.on('error', (fault) => {
    reason = fault.message;
  });
  // A half-closed connection will bring no answer either.
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    all.delete(connection);
    connection.waiting?.done({ kind: connection.isOpen ? 'unknown' : 'unsent', reason });
  });
  return connection;
}

function formatRequest(
  { method, path, headers = {}, form }: Request,
  host: string,
  keepAlive: boolean,
): string {
  const body = form === undefined ? '' : new URLSearchParams(form).toString();
  const lines = [
    `${method ?? (form === undefined ? 'GET' : 'POST')} ${path} HTTP/1.1`,
    `host: ${host}`,
    ...(keepAlive ? [] : ['connection: close']),
    ...(form === undefined
      ? []
      : ['content-type: application/x-www-form-urlencoded', `content-length: ${Buffer.byteLength(body)}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
