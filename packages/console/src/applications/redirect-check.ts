/** What is wrong with a redirect URI as it stands, or undefined. The server judges again, by the rules of its profile. */
export function redirectFault(text: string, type: 'web' | 'native'): string | undefined {
  if (!URL.canParse(text)) return 'Write the whole address, such as https://app.example.com/callback.';
  const uri = new URL(text);
  if (/\s/.test(text)) return 'There is a blank in it.';
  if (text.includes('*')) return 'Wildcards are not possible: register each address that is used.';
  if (text.includes('\\')) return 'There is a backslash in it: write forward slashes.';
  if (/[^\x21-\x7E]/.test(text))
    return 'Write characters outside ASCII in their encoded form, as the application sends them.';
  if (text.includes('#')) return 'Leave out the part from # on: it never reaches the application’s server.';
  if (uri.username !== '' || uri.password !== '') return 'Leave out the user name and password.';
  if (DOTS.test(text.replace(/^[^:]+:\/\/[^/]*/, ''))) return 'Write the path without “.” and “..”.';
  const taken = ANSWERED.find((name) => uri.searchParams.has(name));
  if (taken !== undefined) return `The query must not hold “${taken}”: the answer itself carries it.`;
  return faultOfScheme(uri, type);
}

const DOTS = /(^|[/\\])(\.|%2e){1,2}([/\\?]|$)/i;
const ANSWERED = ['code', 'state', 'iss', 'error', 'session_state', 'id_token', 'access_token'];
const NOWHERE = /^(javascript|data|vbscript|file|blob|about|ws|wss|ftp|mailto|view-source):$/;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

function faultOfScheme(uri: URL, type: 'web' | 'native'): string | undefined {
  if (uri.protocol === 'https:') return undefined;
  if (uri.protocol === 'http:') {
    return LOOPBACK.includes(uri.hostname)
      ? undefined
      : 'Use https: over plain http anybody on the way could read the answer. Only this very machine (127.0.0.1) may do without.';
  }
  if (NOWHERE.test(uri.protocol)) return `${uri.protocol} is no place to send an answer to.`;
  if (type === 'web')
    return 'A private scheme is for programs on a device: choose the kind “native program”.';
  return uri.protocol.includes('.')
    ? undefined
    : 'Use a scheme that belongs to you: your domain reversed, such as com.example.app:/callback.';
}

/** Something to know about an address that is sound. */
export function redirectHint(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const uri = new URL(text);
  if (uri.protocol === 'http:' && uri.hostname === 'localhost')
    return 'For a program on a device 127.0.0.1 is safer than localhost, and its port may vary.';
  if (uri.protocol === 'http:')
    return 'The port may vary at each sign-in; everything else is compared exactly.';
  return uri.pathname.endsWith('/') && uri.pathname !== '/'
    ? 'The slash at the end counts: the application has to send it, too.'
    : undefined;
}
