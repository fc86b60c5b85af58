import type { EntityManager } from '@mikro-orm/postgresql';

export interface NewNotification {
  id: string;
  userId: string;
  projectId: string | null;
  type: string;
  title: string;
  message: string;
  subject: string;
  payload: Record<string, unknown>;
  eventStream: string;
  eventSeq: number;
  createdAt: Date;
}

/** A person is told of an event once, however often this runs: that is the unique key. What is new waits to be mailed. */
const sql = `
with told as (
insert into notifications (id, user_id, project_id, type, title, message, subject, payload, event_stream, event_seq, created_at)
select n.id, n."userId", n."projectId", n.type, n.title, n.message, n.subject, n.payload, n."eventStream", n."eventSeq", n."createdAt"
from jsonb_to_recordset(?::jsonb) as n (id uuid, "userId" uuid, "projectId" uuid, type text, title text, message text,
  subject text, payload jsonb, "eventStream" text, "eventSeq" bigint, "createdAt" timestamptz)
order by n."userId", n."eventSeq"
on conflict (user_id, event_stream, event_seq) do nothing
returning id, user_id, created_at
), waiting as (
  insert into notification_mails (notification_id, user_id, created_at) select id, user_id, created_at from told
)
select id from told`;

/** Inserts any number of notifications in one statement. @returns ids of those that were not there already. */
export async function insertNotifications(
  em: EntityManager,
  rows: readonly NewNotification[],
): Promise<Set<string>> {
  const inserted: { id: string }[] = await em.execute(sql, [JSON.stringify(rows)]);
  return new Set(inserted.map((row) => row.id));
}
