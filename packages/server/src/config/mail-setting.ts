import * as z from 'zod';
import { textWith } from '../admin/client-metadata-fields.ts';
import { normalizeEmail } from '../model/user.ts';
import { path } from './path-setting.ts';

/** smtp:// or smtps://, without repeating an address that may hold a password. */
function smtpFault(text: string): string | undefined {
  const url = /^smtps?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '') return 'must be smtps://USER:PASSWORD@HOST or smtp://…';
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    return 'has something behind the host and port';
  return undefined;
}

const fromFault = (text: string): string | undefined =>
  normalizeEmail(/^[^<>\p{Cc}]*<([^<>]*)>$/u.exec(text)?.[1] ?? text) === undefined
    ? 'must be an address such as id@example.com, or Name <id@example.com>'
    : undefined;

/** How mail is sent. */
export const mailSetting = z
  .strictObject({
    smtp: textWith(4096, smtpFault).optional().meta({
      description:
        'Mail server: smtps://USER:PASSWORD@HOST, or smtp:// for STARTTLS, which is demanded but of a server on this machine.',
      usual: 'required, here or in a file',
    }),
    smtp_file: path.optional().meta({ description: 'File that holds the address of the mail server.' }),
    from: textWith(500, fromFault).meta({
      description: 'Sender of all mail: an address, or a name and an address in angle brackets.',
    }),
  })
  .refine(({ smtp, smtp_file }) => smtp !== undefined || smtp_file !== undefined, {
    path: ['smtp'],
    error: 'is missing: the address of the mail server',
  })
  .optional()
  .meta({ description: 'How mail is sent. Without it nobody can reset a forgotten password by mail.' });
