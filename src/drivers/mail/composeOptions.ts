import type { SendMailOptions } from 'nodemailer';
import type { MailMessage } from './Mail.ts';

/** An address as it stands: encoded or folded, mail programs would not find it. */
const prepared = (value: string) => ({ prepared: true, value });

function listHeaders({
  id,
  unsubscribeUrl,
}: NonNullable<MailMessage['list']>): Record<string, string | ReturnType<typeof prepared>> {
  return {
    'List-Id': prepared(`<${id}>`),
    'List-Unsubscribe': prepared(`<${unsubscribeUrl}>`),
    // RFC 8058 allows it over https alone.
    ...(unsubscribeUrl.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  };
}

/** What nodemailer is given for a message: nothing in it may make nodemailer read a file or fetch a URL. */
export function composeOptions(message: MailMessage, from: string): SendMailOptions {
  return {
    from,
    // As an object it is one mailbox; a string would be parsed as a list.
    to: { name: '', address: message.to },
    subject: message.subject,
    text: message.text,
    ...(message.html !== undefined && { html: message.html }),
    ...(message.messageId !== undefined && { messageId: message.messageId }),
    ...(message.inReplyTo !== undefined && { inReplyTo: message.inReplyTo, references: message.inReplyTo }),
    // Keeps holiday notices from answering (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', ...(message.list && listHeaders(message.list)) },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
