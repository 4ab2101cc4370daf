import { createTransport } from 'nodemailer';
import pLimit from 'p-limit';
import type { SendMail } from '../model/mail.ts';

/** Milliseconds. */
const TIMEOUT = 10_000;
/** Messages handed over at once; more wait. */
const AT_ONCE = 4;

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Sends mail through the operator's server. With `smtp://` it must offer STARTTLS (RFC 3207) with a good certificate, unless it is on this
 * machine: what is sent opens accounts.
 */
export function smtpMail({ smtp, from }: Readonly<{ smtp: string; from: string }>): SendMail {
  const url = new URL(smtp);
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !LOOPBACK.includes(url.hostname),
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
    // A message is text alone: nothing in it may make the library read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const limit = pLimit(AT_ONCE);
  return ({ to, subject, text }) =>
    limit(async () => {
      // As an object, so that an address is never read as a list of several.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
    });
}
