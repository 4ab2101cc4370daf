/** An answer as it came. Header names are lower case; `cookies` are the values of all set-cookie headers. */
export type Reply = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  cookies: readonly string[];
  body: string;
}>;

/** Takes an answer in as it comes; `add` gives it when it is whole. */
export type Incoming = Readonly<{ add: (chunk: Buffer) => Reply | undefined }>;

type Head = Readonly<{
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  bodyAt: number;
}>;

export function incoming(): Incoming {
  let text = '';
  let head: Head | undefined;
  return {
    add: (chunk) => {
      text += chunk.toString('latin1');
      head ??= readHead(text);
      if (head === undefined) return undefined;
      const body = readBody(text, head);
      if (body === undefined) return undefined;
      const { status, headers, cookies } = head;
      return { status, headers, cookies, body: Buffer.from(body, 'latin1').toString() };
    },
  };
}

function readHead(text: string): Head | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'set-cookie') cookies.push(value);
    else headers[name] = value;
  }
  return { status: Number(first.split(' ')[1]), headers, cookies, bodyAt: end + 4 };
}

function readBody(text: string, { status, headers, bodyAt }: Head): string | undefined {
  if (status === 204 || status === 304) return '';
  if (headers['transfer-encoding'] === 'chunked') return readChunks(text, bodyAt);
  const length = Number(headers['content-length'] ?? 0);
  return text.length < bodyAt + length ? undefined : text.slice(bodyAt, bodyAt + length);
}

/** RFC 9112 §7.1; undefined until the last chunk is there. */
function readChunks(text: string, start: number): string | undefined {
  const parts: string[] = [];
  for (let at = start; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (text.length < end + 2) return undefined;
    if (size === 0) return parts.join('');
    parts.push(text.slice(lineEnd + 2, end));
    at = end + 2;
  }
}
