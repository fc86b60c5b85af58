import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

/** The unique index on digests under way lets one worker through; all that waits for the person is in it. */
const text = `
with begun as (
  insert into mail_digests (id, actor_id, attempt, leased_until, created_at)
  select $1, $2, 1 + coalesce((
    select case when d.status = 'failed' then d.attempt end
    from mail_digests d where d.actor_id = $2 order by d.created_at desc, d.id desc limit 1
  ), 0), $3::timestamptz + make_interval(secs => $4), $3
  on conflict (actor_id) where status = 'sending' do nothing
  returning id, attempt
), taken as (
  update notification_mails set digest_id = begun.id from begun where user_id = $2 and digest_id is null
)
select id, attempt from begun`;

/** A digest that this worker alone sends. */
export interface BegunDigest {
  id: string;
  userId: string;
  /** How many in a row failed before it, and one. */
  attempt: number;
}

/** Takes what waits for a person, committed before anything is sent; undefined when another worker is at it. */
export async function beginDigest(
  pool: pg.Pool,
  of: { userId: string; now: Date; leaseSeconds: number },
): Promise<BegunDigest | undefined> {
  const values = [uuidv7(), of.userId, of.now, of.leaseSeconds];
  const { rows } = await pool.query<{ id: string; attempt: number }>({ name: 'begin digest', text, values });
  const [row] = rows;
  return row && { ...row, userId: of.userId };
}
