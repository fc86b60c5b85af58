import { TesseraError } from '../../errors.ts';
import type { MailMessage } from './Mail.ts';

// One mailbox of RFC 5321's Dot-string form. Spaces, commas and angle brackets would make it a list or a name,
// line ends would start another header.
const address = /^[^\p{C}\p{Z}()<>[\]:;,"\\@]+@[^\p{C}\p{Z}()<>[\]:;,"\\@]+$/u;
const maxAddress = 254; // RFC 5321 §4.5.3.1.3, less the angle brackets
const maxSubject = 500;

/**
 * Raises BAD_INPUT unless the recipient is a single address and the subject a single line, so that neither can
 * bring in headers or recipients of its own (CWE-93).
 */
export function checkMessage({ to, subject }: MailMessage): void {
  const fields: Record<string, string> = {};
  if (to.length > maxAddress || !address.test(to)) fields['to'] = 'It must be one e-mail address.';
  if (subject.length > maxSubject || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject)) {
    fields['subject'] = `It must be one line of at most ${maxSubject} characters.`;
  }
  if (Object.keys(fields).length > 0) throw new TesseraError('BAD_INPUT', {}, { fields });
}
