import { type DigestTools, sendDigest } from './sendDigest.ts';
import { beginDigest } from './sql/beginDigest.ts';
import type { DigestEnd } from './sql/endDigest.ts';
import { findDue } from './sql/findDue.ts';
import { giveUpDigests } from './sql/giveUpDigests.ts';

/** What has lain unread for longer is not mailed any more. */
const days = 7;
/** Longer than a mail server that still answers may take: after it nobody knows what became of a mail. */
const leaseSeconds = 600;
/** People looked for in one statement, and mails under way at once. */
const [batch, atOnce] = [100, 4];

/** What became of digests, by count. */
type DigestCounts = Record<DigestEnd['is'], number>;

/**
 * Mails everybody who is due what they have not read. Several workers may do so at once: each digest is one
 * worker's. Where the mail server is down it ends with the first that fails, and the rest waits for the next time.
 * @param options.until when to begin no further mail; Date.now()
 */
export async function sendDueDigests(
  tools: DigestTools,
  options: { now: Date; until: number },
): Promise<DigestCounts> {
  const { now, until } = options;
  const counts: DigestCounts = { sent: 0, empty: 0, failed: 0, unknown: 0 };
  let isDown = false;
  await giveUpDigests(tools.reads, { now, days });

  async function send(userId: string): Promise<void> {
    const digest = await beginDigest(tools.reads, { userId, now, leaseSeconds });
    if (!digest) return;
    const { is, fault } = await sendDigest(tools, digest, now);
    counts[is] += 1;
    isDown ||= fault === 'down';
  }

  for (;;) {
    const due = await findDue(tools.reads, { now, days, limit: batch });
    // One goes ahead to see whether the mail server is there.
    const first = due.shift();
    if (first !== undefined) await send(first);
    const isOver = () => isDown || Date.now() > until;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = due.shift(); next !== undefined && !isOver(); next = due.shift()) await send(next);
      }),
    );
    if (first === undefined || isOver()) return counts;
  }
}
