import { connect, type Socket } from 'node:net';

export type Answer = Readonly<{ status: number; head: string; body: string }>;

/** One keep-alive connection with one request under way: as much of HTTP/1.1 as a load generator needs. */
export type Connection = Readonly<{ request: (text: string) => Promise<Answer>; close: () => void }>;

type Waiting = Readonly<{ done: (answer: Answer) => void; failed: (fault: Error) => void }>;

/** Opens at the first request and again after the server has closed. `base` must be on this machine. */
export function connectionTo(base: string): Connection {
  const { hostname, port } = requireLoopback(base);
  let socket: Socket | undefined;
  let received = '';
  let waiting: Waiting | undefined;

  const drop = (gone: Socket, fault: Error): void => {
    if (socket !== gone) return;
    socket = undefined;
    received = '';
    const told = waiting;
    waiting = undefined;
    told?.failed(fault);
  };
  const take = (chunk: string): void => {
    received = received === '' ? chunk : received + chunk;
    const message = waiting && readMessage(received);
    if (message === undefined) return;
    received = received.slice(message.end);
    const told = waiting;
    waiting = undefined;
    if (/\r\nconnection: *close/i.test(message.answer.head)) close();
    told?.done(message.answer);
  };
  const open = (): Socket => {
    const made = connect({ host: hostname, port: Number(port) });
    made.setNoDelay(true);
    made.setEncoding('latin1');
    made.on('data', take);
    made.on('error', (fault) => drop(made, fault));
    made.on('close', () => drop(made, new Error('The server closed the connection.')));
    return made;
  };
  const close = (): void => {
    const gone = socket;
    socket = undefined;
    gone?.destroy();
  };
  return {
    request: (text) =>
      new Promise((done, failed) => {
        socket ??= open();
        waiting = { done, failed };
        socket.write(text, 'latin1');
      }),
    close,
  };
}

/** The address if it is on this machine; load is never sent anywhere else. */
export function requireLoopback(base: string): URL {
  const url = new URL(base);
  if (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return url;
  throw new Error(`${base} is not http on this machine: load goes to 127.0.0.1, localhost or [::1] only.`);
}

/** The first whole message of the text, and where it ends; undefined until all of it is there. */
export function readMessage(text: string): { answer: Answer; end: number } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd);
  const status = Number(head.slice(9, 12));
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return text.length < end ? undefined : { answer: { status, head, body: text.slice(start, end) }, end };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head))
    return { answer: { status, head, body: '' }, end: start };
  const chunked = readChunks(text, start);
  return chunked && { answer: { status, head, body: chunked.body }, end: chunked.end };
}

function readChunks(text: string, start: number): { body: string; end: number } | undefined {
  let body = '';
  for (let at = start; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (text.length < end) return undefined;
    if (size === 0) return { body, end };
    body += text.slice(lineEnd + 2, end - 2);
    at = end;
  }
}
