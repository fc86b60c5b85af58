import type pg from 'pg';

/** A notification as it is mailed. */
export interface MailedNotification {
  id: string;
  projectId: string | null;
  projectName: string | null;
  title: string;
  message: string;
  /** `thread:<id>` and the like. */
  subject: string;
  createdAt: Date;
}

export interface Addressee {
  email: string;
  name: string;
}

const addressee = `
select a.email, a.name from actors a left join digest_settings s on s.actor_id = a.id
where a.id = $1 and a.email is not null and a.is_verified and a.suspended_at is null and a.deleted_at is null
  and s.frequency is distinct from 'never'`;

const idOf = `split_part(n.subject, ':', 2)::uuid`;
const stands = (table: string) =>
  `exists (select from ${table} t where t.id = ${idOf} and t.deleted_at is null)`;

/** What was deleted since is no longer told of: neither a comment nor what it belongs to; nor an offer that is over. */
const unread = `
select n.id, n.project_id as "projectId", p.name as "projectName", n.title, n.message, n.subject, n.created_at as "createdAt"
from notification_mails q
join notifications n on n.id = q.notification_id
left join projects p on p.id = n.project_id
where q.digest_id = $1 and n.read_at is null
  and case split_part(n.subject, ':', 1)
    when 'thread' then ${stands('comment_threads')}
    when 'issue' then ${stands('issues')}
    when 'task' then ${stands('tasks')}
    when 'job' then exists (select from jobs t where t.id = ${idOf})
    when 'webhook' then exists (select from webhooks t where t.id = ${idOf})
    when 'transfer' then n.type <> 'transfer.offered' or exists (
      select from project_transfers t where t.id = ${idOf} and t.status = 'pending' and t.expires_at > now()
    )
    else true
  end
  and (n.payload ->> 'commentId' is null or exists (
    select from comments c where c.id = (n.payload ->> 'commentId')::uuid and c.deleted_at is null
  ))
order by n.created_at desc, n.id desc
limit $2`;

/** Whom a digest goes to, as things stand now; undefined when nobody may or wants to be mailed any more. */
export async function findAddressee(pool: pg.Pool, userId: string): Promise<Addressee | undefined> {
  const { rows } = await pool.query<Addressee>({ name: 'find addressee', text: addressee, values: [userId] });
  return rows[0];
}

/** What a digest tells of, newest first: what is still unread and still there. */
export async function loadDigest(
  pool: pg.Pool,
  of: { digestId: string; limit: number },
): Promise<MailedNotification[]> {
  const values = [of.digestId, of.limit];
  const { rows } = await pool.query<MailedNotification>({ name: 'load digest', text: unread, values });
  return rows;
}
