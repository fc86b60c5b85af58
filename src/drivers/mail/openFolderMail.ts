import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { fail } from '../../errors.ts';
import { checkMessage } from './checkMessage.ts';
import { composeOptions } from './composeOptions.ts';
import type { Mail } from './Mail.ts';
import { MailFailure } from './MailFailure.ts';

/**
 * The embedded default: writes each message as an `.eml` file (any mail program opens it), named by its time,
 * into `dir`, which is made at need and which only this user can read.
 */
export function openFolderMail(options: { dir: string; from: string; log: (line: string) => void }): Mail {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });

  return {
    async send(message) {
      checkMessage(message);
      const composed = await composer.sendMail(composeOptions(message, options.from));
      const time = new Date().toISOString().replaceAll(':', '-');
      const path = join(options.dir, `${time}-${randomUUID().slice(0, 8)}.eml`);
      try {
        await mkdir(options.dir, { recursive: true, mode: 0o700 });
        await writeFile(path, composed.message, { flag: 'wx', mode: 0o600 });
      } catch (cause) {
        const reason = 'the mail could not be written to its folder';
        fail('UNAVAILABLE', { reason }, { cause: new MailFailure('down', cause) });
      }
      // The log names the file instead of showing the text: mails hold links that log their reader in, and
      // logs are kept, copied and read by more people than may have those.
      options.log(`mail to ${message.to}, "${message.subject}": ${path}`);
    },
    close() {},
  };
}
