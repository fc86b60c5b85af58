/** The mails that a server without SMTP writes into its data directory. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from './waitFor.ts';

/** Undoes quoted-printable (RFC 2045, 6.7), which mailers use for lines over 76 characters. */
function decode(body: string): string {
  return body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString());
}

/** The texts of all mails to an address, oldest first. */
export async function mailsTo(dataDir: string, address: string): Promise<string[]> {
  const folder = join(dataDir, 'mail');
  const names = await readdir(folder).catch(() => []);
  const mails = await Promise.all(
    names
      .filter((name) => name.endsWith('.eml'))
      .toSorted()
      .map((name) => readFile(join(folder, name), 'utf8')),
  );
  return mails
    .filter((mail) => /^To: (.*)$/im.exec(mail)?.[1]?.includes(address))
    .map((mail) => {
      const end = mail.search(/\r?\n\r?\n/);
      const isQuoted = /^content-transfer-encoding: quoted-printable/im.test(mail);
      // Long headers go on in lines that begin with a space (RFC 5322, 2.2.3).
      const head = mail.slice(0, end).replaceAll(/\r?\n[ \t]/g, ' ');
      return head + (isQuoted ? decode(mail.slice(end)) : mail.slice(end));
    });
}

/** The secret of the newest link of one kind (`verify`, `reset`) mailed to an address, once it has come. */
export async function linkTo(dataDir: string, address: string, kind: 'verify' | 'reset'): Promise<string> {
  return waitFor(async () => {
    const links = (await mailsTo(dataDir, address)).flatMap(
      (mail) => new RegExp(`/${kind}#(\\S+)`).exec(mail)?.[1] ?? [],
    );
    const newest = links.at(-1);
    if (!newest) throw new Error(`No ${kind} link was mailed to ${address}.`);
    return newest;
  });
}
