import type pg from 'pg';
import type { Logger } from 'pino';
import type { Authorizer } from '../../authz/Authorizer.ts';
import type { Mail, MailMessage } from '../../drivers/mail/Mail.ts';
import { type MailFault, faultOf } from '../../drivers/mail/MailFailure.ts';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';
import { selectVisible } from './selectVisible.ts';
import type { BegunDigest } from './sql/beginDigest.ts';
import { type DigestEnd, endDigest } from './sql/endDigest.ts';
import { findAddressee, loadDigest } from './sql/loadDigest.ts';
import { unsubscribeUrl } from './unsubscribe.ts';
import { writeDigest } from './writeDigest.ts';

/** What digests are made and sent with. */
export interface DigestTools {
  /** Connections to the primary. */
  reads: pg.Pool;
  authorizer: Authorizer;
  mail: Mail;
  secrets: SecretBox;
  /** Without a slash at the end; known once the server listens. */
  publicUrl: () => string;
  log: Logger;
}

/** Notifications that one mail tells of, at most. */
const most = 200;
const reasons: Record<MailFault, string> = {
  down: 'the mail server could not be reached, or takes no mail',
  refused: 'the mail server refuses this address or message',
  postponed: 'the mail server does not take this message now',
  unknown: 'the connection broke while the mail server took the message',
};

/** A minute, then twice as long each time, half a day at most; half a day at once where it was refused for good. */
function waitBeforeRetry(fault: MailFault, attempt: number): number {
  const longest = 12 * 3600_000;
  const wait = fault === 'refused' ? longest : Math.min(longest, 60_000 * 2 ** (attempt - 1));
  return wait * (0.75 + Math.random() / 2);
}

/** Mails about one thread or issue are one conversation; what gathers several stands alone. */
function threading(host: string, userId: string, subjects: ReadonlySet<string>): { inReplyTo?: string } {
  const [only] = subjects;
  return only === undefined || subjects.size > 1
    ? {}
    : { inReplyTo: `<${only.replaceAll(':', '.')}.${userId}@${host}>` };
}

/** The mail about what a person has not read and may still see; undefined when there is nothing to say, or nobody to say it to. */
async function compose(
  { reads, authorizer, secrets, publicUrl: readUrl }: DigestTools,
  { id, userId }: BegunDigest,
): Promise<{ message: MailMessage; count: number } | undefined> {
  const unread = await loadDigest(reads, { digestId: id, limit: most + 1 });
  const notifications = await selectVisible(authorizer, userId, unread.slice(0, most));
  const addressee = await findAddressee(reads, userId);
  if (!addressee || notifications.length === 0) return undefined;
  const publicUrl = readUrl();
  const { hostname } = new URL(publicUrl);
  const unsubscribe = unsubscribeUrl(secrets, publicUrl, userId);
  const isCut = unread.length > most;
  const message = {
    to: addressee.email,
    ...writeDigest({ publicUrl, unsubscribeUrl: unsubscribe, notifications, isCut }),
    messageId: `<digest.${id}@${hostname}>`,
    ...threading(hostname, userId, new Set(notifications.map(({ subject }) => subject))),
    list: { id: `notifications.${hostname}`, unsubscribeUrl: unsubscribe },
  };
  return { message, count: notifications.length };
}

/**
 * Sends a digest that was begun, and writes down what became of it: at most once, for it is not sent again unless
 * it is known that the mail server did not take it.
 * @returns what it came to; `fault` says why it was not sent
 */
export async function sendDigest(
  tools: DigestTools,
  digest: BegunDigest,
  now: Date,
): Promise<{ is: DigestEnd['is']; fault?: MailFault }> {
  const { reads, mail, log } = tools;
  const retryAfter = (fault: MailFault) => new Date(now.getTime() + waitBeforeRetry(fault, digest.attempt));
  let composed: Awaited<ReturnType<typeof compose>>;
  try {
    composed = await compose(tools, digest);
  } catch (error) {
    log.error({ err: error, actorId: digest.userId }, 'a digest mail could not be written');
    const reason = 'it could not be written';
    await endDigest(reads, digest.id, { is: 'failed', reason, retryAt: retryAfter('postponed') });
    return { is: 'failed' };
  }
  if (!composed) {
    await endDigest(reads, digest.id, { is: 'empty' });
    return { is: 'empty' };
  }
  try {
    await mail.send(composed.message);
  } catch (error) {
    const fault = faultOf(error);
    const reason = reasons[fault];
    const end: DigestEnd =
      fault === 'unknown' ? { is: fault, reason } : { is: 'failed', reason, retryAt: retryAfter(fault) };
    await endDigest(reads, digest.id, end);
    return { is: end.is, fault };
  }
  await endDigest(reads, digest.id, { is: 'sent', count: composed.count, at: now });
  return { is: 'sent' };
}
