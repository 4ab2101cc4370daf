import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showConfig } from '../../src/config/show.ts';
import { configOf, faultsOf } from './loading.ts';

const ISSUER = 'issuer: https://id.example.com\n';
const SMTP = 'smtps://signet:hidden-word@mail.example.com';
const mail = (text: string) => ({ yaml: `${ISSUER}mail: { ${text} }` });
const FILES = { '/etc/signet/smtp': `${SMTP}\n`, '/run/smtp': 'smtp://localhost:25\n' };

test('the mail server stands in the file, in a file of its own or in a variable', () => {
  const from = 'Signet <id@example.com>';
  const expected = { smtp: SMTP, from };
  assert.deepEqual(configOf(mail(`smtp: '${SMTP}', from: '${from}'`)).mail, expected);
  const named = mail(`smtp_file: smtp, from: '${from}'`);
  assert.deepEqual(configOf({ ...named, files: FILES }).mail, expected);
  const variable = { SIGNET_MAIL_SMTP: 'smtp://localhost', SIGNET_MAIL_FROM: 'id@example.com' };
  assert.deepEqual(configOf({ yaml: ISSUER, environment: variable }).mail, {
    smtp: 'smtp://localhost',
    from: 'id@example.com',
  });
  const stronger = { SIGNET_MAIL_SMTP_FILE: '/run/smtp' };
  assert.deepEqual(configOf({ ...named, environment: stronger, files: FILES }).mail, {
    smtp: 'smtp://localhost:25',
    from,
  });
  const instead = { SIGNET_MAIL_SMTP: 'smtp://localhost' };
  assert.equal(
    configOf({ ...mail('smtp_file: nowhere, from: a@b'), environment: instead }).mail?.smtp,
    'smtp://localhost',
  );
  assert.equal(configOf({ yaml: ISSUER }).mail, undefined);
});

test('the password of the mail server is not shown', () => {
  const shown = showConfig(configOf({ ...mail('smtp_file: smtp, from: id@example.com'), files: FILES }));
  assert.match(shown, /smtp: smtps:\/\/signet:\(secret\)@mail\.example\.com #/);
  assert.doesNotMatch(shown, /hidden-word/);
});

test('a mail server that cannot be meant is refused, without repeating it', () => {
  const refused = [
    ['from: id@example.com', /mail\.smtp is missing/],
    [`smtp: '${SMTP}'`, /mail\.from is missing/],
    [`smtp: '${SMTP}', smtp_file: smtp, from: id@example.com`, /mail\.smtp_file is given beside smtp/],
    ['smtp_file: nowhere, from: id@example.com', /mail\.smtp_file names a file that is not there/],
    ...['https://hidden-word@x', 'smtp:', 'smtps://', 'smtp://a b', 'hidden-word'].map(
      (smtp) => [`smtp: '${smtp}', from: id@example.com`, /mail\.smtp must be smtps:/] as const,
    ),
    ...['/path', '?tls=no', '#x'].map(
      (rest) =>
        [`smtp: '${SMTP}${rest}', from: id@example.com`, /mail\.smtp has something behind the host/] as const,
    ),
    ...['id', 'id@', 'Signet <id>', 'a@example.com, b@example.com', '"a@b\\r\\nBcc: c@d"'].map(
      (from) =>
        [
          `smtp: '${SMTP}', from: ${from.startsWith('"') ? from : `'${from}'`}`,
          /mail\.from must be/,
        ] as const,
    ),
    [`smtp: '${SMTP}', from: id@example.com, port: 25`, /mail\.port/],
  ] as const;
  for (const [text, sentence] of refused) {
    const faults = faultsOf({ ...mail(text), files: FILES });
    assert.equal(faults.length, 1, `${text}: ${faults.join('; ')}`);
    assert.match(faults[0] ?? '', sentence);
    assert.doesNotMatch(faults[0] ?? '', /hidden-word/);
  }
  assert.match(faultsOf({ yaml: `${ISSUER}mail: smtp://localhost` })[0] ?? '', /mail must be a group/);
});
