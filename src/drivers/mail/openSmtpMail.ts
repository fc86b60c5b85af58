import { createTransport } from 'nodemailer';
import { fail } from '../../errors.ts';
import { checkMessage } from './checkMessage.ts';
import { composeOptions } from './composeOptions.ts';
import type { Mail } from './Mail.ts';

function describeFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const response = error instanceof Error && 'responseCode' in error ? ` ${String(error.responseCode)}` : '';
  return `${code}${response}`;
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

  return {
    async send(message) {
      checkMessage(message);
      try {
        await transport.sendMail(composeOptions(message, options.from));
      } catch (cause) {
        const reason = `the mail server did not take the message (${describeFailure(cause)})`;
        fail('UNAVAILABLE', { reason }, { cause });
      }
    },
    close() {
      transport.close();
    },
  };
}
