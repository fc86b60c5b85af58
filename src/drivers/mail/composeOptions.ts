import type { SendMailOptions } from 'nodemailer';
import type { MailMessage } from './Mail.ts';

/** What nodemailer is given for a message: nothing in it may make nodemailer read a file or fetch a URL. */
export function composeOptions(message: MailMessage, from: string): SendMailOptions {
  return {
    from,
    // As an object it is one mailbox; a string would be parsed as a list.
    to: { name: '', address: message.to },
    subject: message.subject,
    text: message.text,
    ...(message.html !== undefined && { html: message.html }),
    // Keeps holiday notices from answering (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
