export type Headers = Readonly<Record<string, string>>;

export const FORM: Headers = { 'content-type': 'application/x-www-form-urlencoded' };

/** Text of an HTTP/1.1 request, with the length of a body when there is one. */
export function requestText(method: 'GET' | 'POST', url: URL, headers: Headers = {}, body?: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n${lines.join('')}${length}\r\n${body ?? ''}`;
}

/** Value of an answer's first header of that name. */
export const headerOf = (head: string, name: string): string | undefined =>
  new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(head)?.[1];

/** Names, values and attributes of the cookies that an answer sets. */
export const cookiesOf = (head: string): readonly { name: string; value: string; attributes: string }[] =>
  [...head.matchAll(/\r\nset-cookie: *([^=\r]*)=([^;\r]*)([^\r]*)/gi)].map(
    ([, name = '', value = '', attributes = '']) => ({
      name,
      value,
      attributes,
    }),
  );

/** A form's text; members without a value are left out. */
export const formText = (members: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(
    Object.entries(members).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
  ).toString();
