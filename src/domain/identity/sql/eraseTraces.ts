import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * What is the actor's alone goes; what others were told of the actor stays, without the name. Titles of
 * notifications begin with the name of who did it: see draftNotices.
 */
const sql = `
with me as (select ?::uuid as id, ?::text as former, ?::text as name),
tokens as (delete from email_tokens where actor_id = (select id from me)),
inbox as (delete from notifications where user_id = (select id from me)),
digests as (delete from mail_digests where actor_id = (select id from me)),
digest_setting as (delete from digest_settings where actor_id = (select id from me)),
preferences as (delete from notification_preferences where actor_id = (select id from me)),
mentions as (delete from comment_mentions where actor_id = (select id from me)),
subscriptions as (delete from thread_subscriptions where actor_id = (select id from me)),
reads as (delete from thread_reads where actor_id = (select id from me)),
following as (delete from watches where user_id = (select id from me)),
starred as (delete from stars where user_id = (select id from me)),
devices as (
  update sessions set user_agent = null, ip_address = null where user_id = (select id from me)
),
offers as (
  update project_transfers set status = 'cancelled', resolved_at = now()
  where status = 'pending' and (from_id = (select id from me) or to_id = (select id from me))
),
answers as (delete from mutations where actor_id = (select id from me)),
keys as (update api_keys set name = (select name from me) where user_id = (select id from me))
update notifications n
set title = left(me.name || substr(n.title, length(me.former) + 1), 255)
from me
where n.payload ->> 'actorId' = me.id::text and n.user_id <> me.id and starts_with(n.title, me.former || ' ')`;

/** Removes what only the actor needed, and the actor's name from what others were told. */
export async function eraseTraces(
  em: EntityManager,
  of: { actorId: string; former: string; name: string },
): Promise<void> {
  await em.execute(sql, [of.actorId, of.former, of.name], 'run');
}
