import type pg from 'pg';

/**
 * What was told before the last moment at which a person wants mail is due. Nobody remembers when they were
 * mailed last for that, so a time at which no worker ran is made up for, and a change of the setting needs nothing.
 */
const text = `
with waiting as (
  select q.user_id, min(q.created_at) as since
  from notification_mails q
  join notifications n on n.id = q.notification_id and n.read_at is null
  where q.digest_id is null and q.created_at > $1::timestamptz - make_interval(days => $2)
  group by q.user_id
), setting as (
  select w.user_id, w.since, coalesce(s.frequency, 'daily') as frequency,
    coalesce(s.hour, 8) as hour, coalesce(s.time_zone, 'UTC') as zone
  from waiting w
  join actors a on a.id = w.user_id and a.email is not null and a.is_verified
    and a.suspended_at is null and a.deleted_at is null
  left join digest_settings s on s.actor_id = w.user_id
), today as (
  select *, (date_trunc('day', $1::timestamptz at time zone zone) + make_interval(hours => hour)) as at from setting
)
select user_id as "userId"
from today
where since < case frequency
    when 'immediately' then $1::timestamptz
    when 'hourly' then date_trunc('hour', $1::timestamptz)
    when 'daily' then (case when at at time zone zone <= $1 then at else at - interval '1 day' end) at time zone zone
  end
  and not exists (
    select from mail_digests d
    where d.actor_id = user_id and (d.status = 'sending' or d.retry_at > $1)
  )
order by since
limit $3`;

/**
 * Who is to be mailed what they have not read, whoever waits longest first.
 * @param of.days what has lain unread for longer is not mailed any more
 */
export async function findDue(
  pool: pg.Pool,
  of: { now: Date; days: number; limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ userId: string }>({
    name: 'find due digests',
    text,
    values: [of.now, of.days, of.limit],
  });
  return rows.map(({ userId }) => userId);
}
