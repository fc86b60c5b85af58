import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import { fail } from '../../errors.ts';
import { checkMessage } from './checkMessage.ts';
import { composeOptions } from './composeOptions.ts';
import type { Mail } from './Mail.ts';
import { MailFailure, type MailFault } from './MailFailure.ts';

function describeFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const response = error instanceof Error && 'responseCode' in error ? ` ${String(error.responseCode)}` : '';
  return `${code}${response}`;
}

/** Whether the server answered, and if it did not, whether it had begun to get the text. */
function judge(error: unknown, text: Readable | undefined): MailFault {
  const { code, responseCode, permanent } = error as { [K in string]?: unknown };
  if (typeof responseCode !== 'number') return text?.readableDidRead ? 'unknown' : 'down';
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return 'down';
  return permanent === true ? 'refused' : 'postponed';
}

/**
 * Sends through an SMTP server over a few kept connections.
 *
 * `url` is `smtp://` (STARTTLS when offered) or `smtps://`, with `user:password@` where the server asks for
 * it; with a password STARTTLS is required, unless the URL ends in `?requireTLS=false`. Other options of
 * nodemailer can be given the same way, such as `?tls.ca=…`.
 */
export function openSmtpMail(options: { url: string; from: string }): Mail {
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxConnections: 4,
    maxRequeues: 1,
    requireTLS: (URL.parse(options.url)?.username ?? '') !== '',
    dnsTimeout: 15_000,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  /** The text of each message that is under way, as it is read for the server. */
  const texts = new WeakMap<object, Readable>();
  transport.use('stream', (mail, done) => {
    const { message } = mail;
    const create = message.createReadStream.bind(message);
    message.createReadStream = (...given) => {
      const text = create(...given);
      // nodemailer copies what it is given, but not what lies in it.
      texts.set(mail.data.to as object, text);
      return text;
    };
    done();
  });

  return {
    async send(message) {
      checkMessage(message);
      const composed = composeOptions(message, options.from);
      try {
        await transport.sendMail(composed);
      } catch (cause) {
        const reason = `the mail server did not take the message (${describeFailure(cause)})`;
        fail(
          'UNAVAILABLE',
          { reason },
          { cause: new MailFailure(judge(cause, texts.get(composed.to as object)), cause) },
        );
      }
    },
    close() {
      transport.close();
    },
  };
}
