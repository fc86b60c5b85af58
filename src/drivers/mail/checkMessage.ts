import { TesseraError } from '../../errors.ts';
import type { MailMessage } from './Mail.ts';

// One mailbox of RFC 5321's Dot-string form. Spaces, commas and angle brackets would make it a list or a name,
// line ends would start another header.
const address = /^[^\p{C}\p{Z}()<>[\]:;,"\\@]+@[^\p{C}\p{Z}()<>[\]:;,"\\@]+$/u;
const maxAddress = 254; // RFC 5321 §4.5.3.1.3, less the angle brackets
const maxSubject = 500;
const messageId = /^<[\w.-]+@[\w.:[\]-]+>$/;
const listId = /^[\w.:[\]-]+$/;

/**
 * Raises BAD_INPUT unless the recipient is a single address, the subject a single line, and every other header
 * what it should be, so that none can bring in headers or recipients of its own (CWE-93).
 */
export function checkMessage({ to, subject, list, ...message }: MailMessage): void {
  const fields: Record<string, string> = {};
  if (to.length > maxAddress || !address.test(to)) fields['to'] = 'It must be one e-mail address.';
  if (subject.length > maxSubject || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject)) {
    fields['subject'] = `It must be one line of at most ${maxSubject} characters.`;
  }
  for (const name of ['messageId', 'inReplyTo'] as const)
    if (message[name] !== undefined && !messageId.test(message[name]))
      fields[name] = 'It must be a Message-ID in angle brackets.';
  if (list && !listId.test(list.id)) fields['list.id'] = 'It must be a name of letters, digits and dots.';
  if (
    list &&
    !(URL.canParse(list.unsubscribeUrl) && /^https?:[\x21-\x3b\x3d\x3f-\x7e]+$/.test(list.unsubscribeUrl))
  )
    fields['list.unsubscribeUrl'] = 'It must be an address on the web.';
  if (Object.keys(fields).length > 0) throw new TesseraError('BAD_INPUT', {}, { fields });
}
