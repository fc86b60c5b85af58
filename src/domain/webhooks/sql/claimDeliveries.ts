import type pg from 'pg';

/** A delivery that is this worker's until its lease ends. */
export interface Claimed {
  id: string;
  webhookId: string;
  projectId: string;
  url: string;
  sealedSecret: string;
  /** Null when it signs no more. */
  previousSealedSecret: string | null;
  /** Who must be allowed to read the event; null: their account is deleted. */
  responsibleId: string | null;
  eventType: string;
  body: string;
  /** With the one that begins now. */
  attempts: number;
  attemptsBefore: number;
  /** Whether the webhook has failed, or asked for patience, since its last success. */
  isTroubled: boolean;
}

/** Attempts at one webhook at once, by all workers together; one that failed last gets a single one. */
export const mostAtOnce = 4;
/** Milliseconds after which a delivery whose worker is silent goes to another: more than any attempt takes. */
export const leaseMs = 120_000;

const free = 'd.next_attempt_at <= now() and (d.leased_until is null or d.leased_until <= now())';

/**
 * Jumps from webhook to webhook along webhook_deliveries_due_index: however many deliveries wait for one, it costs a
 * probe or two. The first due ones by time would all be those of the one with the longest queue. In any order,
 * so that none is always last. The rows stay locked until the commit, so that two workers do not count at once.
 */
const choose = `
with recursive waiting as (
  (select webhook_id from webhook_deliveries where status = 'pending' order by webhook_id limit 1)
  union all
  select (
    select d.webhook_id from webhook_deliveries d
    where d.status = 'pending' and d.webhook_id > w.webhook_id order by d.webhook_id limit 1
  ) from waiting w where w.webhook_id is not null
)
select w.id from waiting join webhooks w on w.id = waiting.webhook_id
where w.active and (w.held_until is null or w.held_until <= now()) and w.id <> all($1::uuid[])
  and (w.failing_since is not null) = $2
  and exists (select from webhook_deliveries d where d.webhook_id = w.id and d.status = 'pending' and ${free})
order by random() limit $3
for no key update of w skip locked`;

/** A statement of its own, so that it sees what those who held the locks before have leased. */
const lease = `
with room as (
  select w.id, case when w.failing_since is null then ${mostAtOnce} else 1 end - (
    select count(*) from webhook_deliveries d
    where d.webhook_id = w.id and d.leased_until > now() and d.status = 'pending'
  ) as places
  from webhooks w where w.id = any($1::uuid[])
), due as (
  select d.id from room cross join lateral (
    select d.id, row_number() over (order by d.next_attempt_at, d.event_seq) as nth from webhook_deliveries d
    where d.webhook_id = room.id and d.status = 'pending' and ${free}
    order by d.next_attempt_at, d.event_seq limit ${mostAtOnce}
  ) d
  where d.nth <= room.places
  order by d.nth limit $2
), leased as (
  update webhook_deliveries d
  set attempts = d.attempts + 1, leased_until = now() + interval '${leaseMs} milliseconds', updated_at = now()
  from due where d.id = due.id
  returning d.*
)
select l.id, l.webhook_id as "webhookId", w.project_id as "projectId", w.url, w.sealed_secret as "sealedSecret",
  case when w.previous_secret_until > now() then w.previous_sealed_secret end as "previousSealedSecret",
  coalesce(w.responsible_id, w.created_by) as "responsibleId", l.event_type as "eventType", l.body,
  l.attempts, l.attempts_before as "attemptsBefore",
  (w.failing_since is not null or w.held_until is not null) as "isTroubled"
from leased l join webhooks w on w.id = l.webhook_id
order by l.event_seq`;

/**
 * Takes up to `limit` deliveries that are due, of as many webhooks as can be.
 * @param except webhooks to which this worker is sending enough.
 * @param isFailing of those that failed last, or of those that did not.
 */
export async function claimDeliveries(
  pool: pg.Pool,
  { limit, except, isFailing }: { limit: number; except: string[]; isFailing: boolean },
): Promise<Claimed[]> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const chosen = await client.query<{ id: string }>({
      name: 'choose webhooks',
      text: choose,
      values: [except, isFailing, limit],
    });
    const ids = chosen.rows.map((row) => row.id);
    const claimed = ids.length > 0 ? await claimOf(client, ids, limit) : [];
    await client.query('commit');
    client.release();
    return claimed;
  } catch (error) {
    // The transaction ends with its connection.
    client.release(true);
    throw error;
  }
}

async function claimOf(client: pg.ClientBase, ids: string[], limit: number): Promise<Claimed[]> {
  return (await client.query<Claimed>({ name: 'lease deliveries', text: lease, values: [ids, limit] })).rows;
}
