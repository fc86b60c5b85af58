import type pg from 'pg';

/** What became of a digest. */
export type DigestEnd =
  | { is: 'sent'; count: number; at: Date }
  /** There was nothing left to say, or nobody to say it to. */
  | { is: 'empty' }
  /** It is known that it was not taken: what it told of waits again. */
  | { is: 'failed'; reason: string; retryAt: Date }
  /** It may have arrived, so what it told of is not mailed again. */
  | { is: 'unknown'; reason: string };

/** Only what is still under way: what another has given up on stays so, and nothing of it is sent twice. */
const text = `
with ended as (
  update mail_digests
  set status = $2::digest_status, notification_count = $3, error_message = $4, retry_at = $5, sent_at = $6
  where id = $1 and status = 'sending'
  returning id
), handed_back as (
  update notification_mails set digest_id = null from ended where digest_id = ended.id and $2 = 'failed'
)
delete from notification_mails using ended where digest_id = ended.id and $2 <> 'failed'`;

/** Writes down what became of a digest, and lets go of what it told of, or hands it back. */
export async function endDigest(pool: pg.Pool, id: string, end: DigestEnd): Promise<void> {
  const values = [
    id,
    end.is,
    end.is === 'sent' ? end.count : 0,
    'reason' in end ? end.reason : null,
    end.is === 'failed' ? end.retryAt : null,
    end.is === 'sent' ? end.at : null,
  ];
  await pool.query({ name: 'end digest', text, values });
}
