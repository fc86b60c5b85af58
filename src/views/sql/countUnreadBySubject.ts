import type pg from 'pg';
import type { UnreadCounts } from '../notifications.ts';

const mostSubjects = 500;

/** Reads the partial index of unread notifications only. */
const text = `
with unread as (
  select subject, project_id, count(*)::int as unread, max(created_at) as newest
  from notifications where user_id = $1 and read_at is null
  group by subject, project_id
)
select coalesce((select sum(unread)::int from unread), 0) as total,
  coalesce((
    select jsonb_agg(jsonb_build_object('projectId', project_id, 'unread', unread) order by project_id)
    from (select project_id, sum(unread) as unread from unread where project_id is not null group by project_id) p
  ), '[]') as projects,
  coalesce((
    select jsonb_agg(jsonb_build_object('subject', subject, 'projectId', project_id, 'unread', unread)
      order by newest desc, subject)
    from (select * from unread order by newest desc, subject limit ${mostSubjects}) s
  ), '[]') as subjects`;

/** How many notifications a person has not read: in all, by project and by subject. */
export async function countUnreadBySubject(reads: pg.Pool, userId: string): Promise<UnreadCounts> {
  const { rows } = await reads.query<UnreadCounts>({
    name: 'count unread by subject',
    text,
    values: [userId],
  });
  return rows[0] ?? { total: 0, projects: [], subjects: [] };
}
