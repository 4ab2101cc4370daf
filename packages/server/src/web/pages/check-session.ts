import { raw } from 'hono/html';
import { type Html, html } from './html.ts';

/** `cookieName` is the cookie with the browser state, which script may read; its value is taken as it stands. */
export type CheckSessionProps = Readonly<{ nonce: string; cookieName: string }>;

/**
 * Judges "client_id session_state" for the origin that sent it. It answers `error`, which tells applications to leave
 * it at that, whenever the truth cannot be known: a malformed message, no cryptography (a page within plain http),
 * or cookies the browser keeps from framed pages, where `changed` would send them round in circles (§5.1).
 */
const CHECK_SESSION = `
const cookieName = document.documentElement.dataset.cookie;

function browserState() {
  const prefix = cookieName + '=';
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(prefix));
  return found === undefined ? undefined : found.slice(prefix.length);
}

async function sessionState(clientId, origin, state, salt) {
  const text = new TextEncoder().encode([clientId, origin, state, salt].join(' '));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') + '.' + salt;
}

async function judge(message, origin) {
  const parts = typeof message === 'string' && message.length <= 4096 && /^(.+) ([^ .]+\\.([^ .]+))$/.exec(message);
  if (!parts || !/^[a-z][a-z0-9+.-]*:\\/\\//.test(origin)) return 'error';
  const state = browserState();
  if (state === undefined && document.hasStorageAccess && !(await document.hasStorageAccess())) return 'error';
  const expected = await sessionState(parts[1], origin, state ?? '', parts[3]);
  return parts[2] === expected ? 'unchanged' : 'changed';
}

addEventListener('message', async ({ data, origin, source }) => {
  const answer = await judge(data, origin).catch(() => 'error');
  if (source) source.postMessage(answer, { targetOrigin: origin === 'null' ? '*' : origin });
});
`;

/** The page an application frames to learn whether the person is still signed in (OpenID Connect Session Management 1.0 §3.2). */
export const checkSessionPage = ({ nonce, cookieName }: CheckSessionProps): Html =>
  html`<!doctype html>
<html lang="en" data-cookie="${cookieName}">
<head><meta charset="utf-8"><title>Session check</title></head>
<body><main><h1>Session check</h1></main><script nonce="${nonce}">${raw(CHECK_SESSION)}</script></body>
</html>
`;
