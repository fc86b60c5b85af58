import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TesseraError } from '../../src/errors.ts';
import { faultOf } from '../../src/drivers/mail/MailFailure.ts';
import { checkMessage } from '../../src/drivers/mail/checkMessage.ts';
import { openFolderMail } from '../../src/drivers/mail/openFolderMail.ts';
import { openSmtpMail } from '../../src/drivers/mail/openSmtpMail.ts';
import { makeCertificate } from './makeCertificate.ts';

const from = 'Tessera <tessera@example.org>';
const message = {
  to: 'ada@example.org',
  subject: 'Your link — ünïcode',
  text: 'Open https://x.example/?token=s3cret',
};

interface SmtpServer extends AsyncDisposable {
  port: number;
  /** Every line that clients sent, over all connections; `(TLS)` where encryption began. */
  lines: string[];
  messages: string[];
  connections: number;
}

/** As much of SMTP (RFC 5321) as a client needs that sends mail, with STARTTLS and AUTH PLAIN when asked for. */
async function startSmtpServer(
  options: {
    extensions?: string[];
    refuseRecipient?: string;
    /** What it says when it has the whole text; `drop`: it closes the connection instead. */
    afterText?: string;
    isSilent?: boolean;
  } = {},
): Promise<SmtpServer> {
  const sockets = new Set<Socket>();
  const certificate = makeCertificate(['localhost']);
  const server = createServer((socket) => {
    result.connections++;
    sockets.add(socket.on('error', () => {}));
    if (options.isSilent) return;
    socket.write('220 test ESMTP\r\n');
    serve(socket);
  });

  function serve(socket: Socket): void {
    let body: string[] | undefined;
    const reader = createInterface({ input: socket });
    const reply = (line: string): unknown => socket.write(`${line}\r\n`);
    reader.on('line', (line) => {
      if (body) {
        if (line !== '.') return void body.push(line);
        result.messages.push(body.join('\n'));
        body = undefined;
        return options.afterText === 'drop' ? socket.destroy() : reply(options.afterText ?? '250 taken');
      }
      result.lines.push(line);
      const command = line.split(' ')[0]?.toUpperCase();
      if (command === 'EHLO') {
        const names = ['test', ...(options.extensions ?? [])];
        return names.forEach((name, index) => reply(`250${index === names.length - 1 ? ' ' : '-'}${name}`));
      }
      if (command === 'STARTTLS') {
        reply('220 go on');
        reader.close();
        socket.removeAllListeners('data');
        result.lines.push('(TLS)');
        const secured = new TLSSocket(socket, { isServer: true, ...certificate });
        return serve(secured.on('error', () => {}));
      }
      if (command === 'AUTH') return reply('235 welcome');
      if (command === 'DATA') {
        body = [];
        return reply('354 go on');
      }
      if (command === 'RCPT' && options.refuseRecipient) return reply(options.refuseRecipient);
      return reply(command === 'QUIT' ? '221 bye' : '250 ok');
    });
  }

  const result: SmtpServer = {
    port: 0,
    lines: [],
    messages: [],
    connections: 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  result.port = (server.address() as AddressInfo).port;
  return result;
}

describe('mail in a folder', () => {
  it('is a file that mail programs open, for the eyes of the user alone', async () => {
    const root = await mkdtemp(join(tmpdir(), 'tessera-mail-'));
    const dir = join(root, 'mail');
    const log: string[] = [];
    const mail = openFolderMail({ dir, from, log: (line) => log.push(line) });
    await mail.send(message);
    await mail.send({ ...message, to: 'bob@example.org', html: '<p>Hello</p>' });
    const names = (await readdir(dir)).sort();
    expect(names).toHaveLength(2);
    const text = await readFile(join(dir, names[0] ?? ''), 'utf8');
    expect(text).toMatch(/^From: Tessera <tessera@example.org>$/m);
    expect(text).toMatch(/^To: ada@example.org$/m);
    expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(text).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(text).toContain('token=s3cret');
    expect(await readFile(join(dir, names[1] ?? ''), 'utf8')).toContain('multipart/alternative');
    expect((await stat(join(dir, names[0] ?? ''))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    await rm(root, { recursive: true });
  });

  it('is announced in the log by recipient, subject and file, never with the secret that it holds', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tessera-mail-'));
    const log: string[] = [];
    await openFolderMail({ dir, from, log: (line) => log.push(line) }).send(message);
    const [name = 'none'] = await readdir(dir);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('ada@example.org');
    expect(log[0]).toContain(message.subject);
    expect(log[0]).toContain(join(dir, name));
    expect(log[0]).not.toContain('s3cret');
    await rm(dir, { recursive: true });
  });

  it('that cannot be written is said to be unavailable, and is not announced', async () => {
    const log: string[] = [];
    const mail = openFolderMail({ dir: '/dev/null/mail', from, log: (line) => log.push(line) });
    await expect(mail.send(message)).rejects.toMatchObject({ errorCode: 'UNAVAILABLE' });
    expect(log).toEqual([]);
  });
});

describe('mail over SMTP', () => {
  it('reaches the server, several messages over one connection', async () => {
    await using server = await startSmtpServer();
    const mail = openSmtpMail({ url: `smtp://127.0.0.1:${server.port}`, from });
    await mail.send(message);
    await mail.send({ ...message, text: 'A line\n.\nwith a dot' });
    mail.close();
    expect(server.connections).toBe(1);
    expect(server.lines).toContain('MAIL FROM:<tessera@example.org>');
    expect(server.lines).toContain('RCPT TO:<ada@example.org>');
    expect(server.messages).toHaveLength(2);
    expect(server.messages[0]).toContain('token=s3cret');
    expect(server.messages[1]).toMatch(/A line\n\.\.\nwith a dot/);
  });

  it('that the server refuses is said to be unavailable, with the code and not the content', async () => {
    await using server = await startSmtpServer({ refuseRecipient: '550 no such user' });
    const mail = openSmtpMail({ url: `smtp://127.0.0.1:${server.port}`, from });
    const error = await mail.send(message).catch((caught: unknown) => caught);
    mail.close();
    expect(error).toMatchObject({ errorCode: 'UNAVAILABLE' });
    expect(String(error)).toContain('EENVELOPE 550');
    expect(String(error)).not.toContain('s3cret');
  });

  it.each([
    { answers: { refuseRecipient: '550 no such user' }, fault: 'refused' },
    { answers: { refuseRecipient: '451 greylisted' }, fault: 'postponed' },
    { answers: { afterText: '554 that is spam' }, fault: 'refused' },
    { answers: { afterText: '452 the disk is full' }, fault: 'postponed' },
    { answers: { afterText: 'drop' }, fault: 'unknown' },
  ])('tells what is known of a message that fails: $answers', async ({ answers, fault }) => {
    await using server = await startSmtpServer(answers);
    const mail = openSmtpMail({ url: `smtp://127.0.0.1:${server.port}`, from });
    const error = await mail.send(message).catch((caught: unknown) => caught);
    mail.close();
    expect(error).toMatchObject({ errorCode: 'UNAVAILABLE' });
    expect(faultOf(error)).toBe(fault);
  });

  it('that cannot be reached has certainly not taken the message', async () => {
    const gone = await startSmtpServer();
    await gone[Symbol.asyncDispose]();
    const mail = openSmtpMail({ url: `smtp://127.0.0.1:${gone.port}`, from });
    expect(faultOf(await mail.send(message).catch((caught: unknown) => caught))).toBe('down');
    mail.close();
    expect(faultOf(new TesseraError('BAD_INPUT', {}))).toBe('refused');
  });

  it('fails when there is no server, and when the server never greets', async () => {
    const gone = await startSmtpServer();
    await gone[Symbol.asyncDispose]();
    const mail = openSmtpMail({ url: `smtp://127.0.0.1:${gone.port}`, from });
    await expect(mail.send(message)).rejects.toMatchObject({ errorCode: 'UNAVAILABLE' });
    mail.close();
    await using silent = await startSmtpServer({ isSilent: true });
    const waiting = openSmtpMail({ url: `smtp://127.0.0.1:${silent.port}?greetingTimeout=100`, from });
    await expect(waiting.send(message)).rejects.toThrow('ETIMEDOUT');
    waiting.close();
  });

  it('never sends a password that could be read on the way', async () => {
    await using server = await startSmtpServer({ extensions: ['AUTH PLAIN'] });
    const mail = openSmtpMail({ url: `smtp://ada:pa55word@127.0.0.1:${server.port}`, from });
    const error = await mail.send(message).catch((caught: unknown) => caught);
    mail.close();
    expect(error).toMatchObject({ errorCode: 'UNAVAILABLE' });
    expect(String(error)).not.toContain('pa55word');
    expect(server.lines.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });

  it('logs in over TLS, and only to a server whose certificate is vouched for', async () => {
    await using server = await startSmtpServer({ extensions: ['STARTTLS', 'AUTH PLAIN'] });
    const url = `smtp://ada:pa55word@localhost:${server.port}`;
    const wary = openSmtpMail({ url, from });
    await expect(wary.send(message)).rejects.toMatchObject({ errorCode: 'UNAVAILABLE' });
    wary.close();
    expect(server.messages).toEqual([]);
    const trusting = openSmtpMail({ url: `${url}?tls.rejectUnauthorized=false`, from });
    await trusting.send(message);
    trusting.close();
    const login = `AUTH PLAIN ${Buffer.from('\0ada\0pa55word').toString('base64')}`;
    expect(server.lines.lastIndexOf('(TLS)')).toBeLessThan(server.lines.indexOf(login));
    expect(server.messages).toHaveLength(1);
  });
});

describe('a message', () => {
  it.each([
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org\nBcc: eve@example.org',
    'ada@example.org, eve@example.org',
    'ada@example.org;eve@example.org',
    'Ada <ada@example.org>',
    'ada@example.org eve@example.org',
    'ada',
    '@example.org',
    'ada@',
    'a@b@c',
    `${'a'.repeat(250)}@example.org`,
  ])('to %j is refused', (to) => {
    expect(() => checkMessage({ ...message, to })).toThrow(TesseraError);
  });

  it.each(['x\r\nBcc: eve@example.org', 'x\nx', 'x\u2028x', 'x\0', 'x'.repeat(501)])(
    'about %j is refused',
    (subject) => {
      expect(() => checkMessage({ ...message, subject })).toThrow(TesseraError);
    },
  );

  it.each([
    { messageId: '<a@b>\r\nBcc: eve@example.org' },
    { inReplyTo: 'not in brackets' },
    { list: { id: 'a\nb', unsubscribeUrl: 'https://example.org/' } },
    { list: { id: 'a.b', unsubscribeUrl: 'https://example.org/>, <mailto:eve@example.org' } },
    { list: { id: 'a.b', unsubscribeUrl: 'javascript:alert(1)' } },
  ])('with %j is refused', (headers) => {
    expect(() => checkMessage({ ...message, ...headers })).toThrow(TesseraError);
  });

  it.each([
    { unsubscribeUrl: 'https://example.org/unsubscribe?token=a', oneClick: true },
    { unsubscribeUrl: 'http://127.0.0.1:3000/unsubscribe?token=a', oneClick: false },
  ])(
    'of a kind that comes again says how to end it: $unsubscribeUrl',
    async ({ unsubscribeUrl, oneClick }) => {
      await using server = await startSmtpServer();
      const mail = openSmtpMail({ url: `smtp://127.0.0.1:${server.port}`, from });
      const list = { id: 'notifications.example.org', unsubscribeUrl };
      await mail.send({ ...message, messageId: '<one@example.org>', inReplyTo: '<root@example.org>', list });
      mail.close();
      const [head = ''] = (server.messages[0] ?? '').split('\n\n');
      expect(head).toMatch(/^Message-ID: <one@example\.org>$/m);
      expect(head).toMatch(/^In-Reply-To: <root@example\.org>$/m);
      expect(head).toMatch(/^References: <root@example\.org>$/m);
      expect(head).toMatch(/^List-I[dD]: <notifications\.example\.org>$/m);
      expect(head).toContain(`\nList-Unsubscribe: <${unsubscribeUrl}>\n`);
      // RFC 8058 allows one click over https alone.
      expect(head.includes('\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n')).toBe(oneClick);
    },
  );

  it('has one recipient and the headers that it should have, whatever it is about', async () => {
    await using server = await startSmtpServer();
    const mail = openSmtpMail({ url: `smtp://127.0.0.1:${server.port}`, from });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.emailAddress(),
        async (subject, to) => {
          server.messages.length = 0;
          server.lines.length = 0;
          const sent = await mail.send({ to, subject, text: 'x' }).then(
            () => true,
            (error: unknown) => {
              expect(error).toMatchObject({ errorCode: 'BAD_INPUT' });
              return false;
            },
          );
          if (!sent) return;
          expect(server.lines.filter((line) => line.startsWith('RCPT'))).toHaveLength(1);
          const [head = ''] = (server.messages[0] ?? '').split('\n\n');
          const names = [...head.matchAll(/^([^\s:]+):/gm)].map((match) => match[1]);
          expect(new Set(names).size).toBe(names.length);
          expect(names).not.toContain('Bcc');
        },
      ),
      { numRuns: 50 },
    );
    mail.close();
  });
});
