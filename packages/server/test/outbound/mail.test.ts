import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { smtpMail } from '../../src/outbound/mail.ts';

const TLS = join(import.meta.dirname, '..', 'support', 'tls');
const FROM = 'Signet <id@example.com>';
const MAIL = {
  to: 'alice@example.com',
  subject: 'Ihr Paßwort',
  text: 'Öffnen Sie:\n\nhttps://id.example/x\n',
};

type Received = { from: string; to: readonly string[]; user: string; isTls: boolean; text: string };

/** A mail server on this machine that keeps what it gets. */
async function mailServer(t: TestContext, options: SMTPServerOptions = {}, host = '127.0.0.1') {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) => {
      if (password === 'p@ss word') done(null, { user: username ?? '' });
      else done(new Error('wrong'));
    },
    onData: (stream, { envelope, user, secure }, done) => {
      let text = '';
      stream.on('data', (chunk) => {
        text += String(chunk);
      });
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ from, to, user: String(user ?? ''), isTls: secure, text });
        done();
      });
    },
    ...options,
  });
  // A client that goes away is no fault of the test.
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, host, () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  t.after(() => new Promise<void>((done) => server.close(done)));
  return { received, port };
}

const certificate = () => ({
  cert: readFileSync(join(TLS, 'cert.pem')),
  key: readFileSync(join(TLS, 'key.pem')),
});

test('a message arrives with its sender, its one recipient and its text', async (t) => {
  const { received, port } = await mailServer(t);
  await smtpMail({ smtp: `smtp://127.0.0.1:${port}`, from: FROM })(MAIL);
  const [mail, ...more] = received;
  assert.deepEqual(more, []);
  assert.deepEqual([mail?.from, mail?.to], ['id@example.com', ['alice@example.com']]);
  const { text = '' } = mail ?? {};
  assert.match(text, /^From: Signet <id@example\.com>\r?$/m);
  assert.match(text, /^Subject: =\?UTF-8\?[QB]\?.*\?=\r?$/m);
  assert.match(text, /^Content-Type: text\/plain; charset=utf-8\r?$/m);
  assert.match(text, /https:\/\/id\.example\/x/);
});

test('name and password stand in the address of the server, and a refusal is a fault without them', async (t) => {
  const { received, port } = await mailServer(t);
  await smtpMail({ smtp: `smtp://us%40er:p%40ss%20word@127.0.0.1:${port}`, from: FROM })(MAIL);
  assert.equal(received[0]?.user, 'us@er');
  const wrong = smtpMail({ smtp: `smtp://user:hidden-word@127.0.0.1:${port}`, from: FROM });
  await assert.rejects(wrong(MAIL), (fault) => fault instanceof Error && !fault.message.includes('hidden'));
  assert.equal(received.length, 1);
});

test('to another machine nothing is sent in the clear, and nothing to one that cannot prove its name', async (t) => {
  // Any other address than the usual one stands for another machine.
  const elsewhere = '127.0.0.2';
  const plain = await mailServer(t, {}, elsewhere);
  await assert.rejects(smtpMail({ smtp: `smtp://${elsewhere}:${plain.port}`, from: FROM })(MAIL), /TLS/i);
  const starting = await mailServer(t, { ...certificate(), disabledCommands: [] }, elsewhere);
  await assert.rejects(
    smtpMail({ smtp: `smtp://${elsewhere}:${starting.port}`, from: FROM })(MAIL),
    /certificate/i,
  );
  const secure = await mailServer(t, { ...certificate(), secure: true });
  await assert.rejects(
    smtpMail({ smtp: `smtps://127.0.0.1:${secure.port}`, from: FROM })(MAIL),
    /certificate/i,
  );
  assert.deepEqual(
    [plain, starting, secure].map(({ received }) => received.length),
    [0, 0, 0],
  );
});

test('an address that tries to be several, or a subject of several lines, reaches nobody else', async (t) => {
  const { received, port } = await mailServer(t);
  const send = smtpMail({ smtp: `smtp://127.0.0.1:${port}`, from: FROM });
  const hostile = { ...MAIL, subject: 'a\r\nBcc: mallory@example.com' };
  await send(hostile);
  for (const to of ['a@example.com, mallory@example.com', 'a@example.com\r\nRCPT TO:<mallory@example.com>'])
    await send({ ...MAIL, to }).catch(() => undefined);
  const recipients = received.flatMap((mail) => mail.to);
  assert.ok(!recipients.includes('mallory@example.com'), recipients.join(' '));
  assert.doesNotMatch(received[0]?.text ?? '', /^Bcc:/m);
});

test('a mail server that is not there is a fault', async () => {
  await assert.rejects(smtpMail({ smtp: 'smtp://127.0.0.1:1', from: FROM })(MAIL), /ECONNREFUSED/);
});
