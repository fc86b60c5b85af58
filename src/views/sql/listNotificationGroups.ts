import type pg from 'pg';
import type { ProjectScope } from '../../authz/projectsWhere.ts';
import type { NotificationGroup } from '../notifications.ts';
import { before } from './keyset.ts';
import { type NotificationRow, notificationColumns, toNotificationView } from './notificationRow.ts';
import { projectRefJson } from './projectRefJson.ts';
import { projectScope } from './projectScope.ts';

/**
 * One pass over the person's own notifications (20 ms for ten thousand). Keeping a table of groups was the
 * alternative: a second row to write for each notification, for a page that is opened now and then.
 * What else a group says is asked of those on the page alone.
 */
const compose = (conditions: { ofAll: string; ofGroups: string; ctes: string; scope: string }) => `
${conditions.ctes}
select n.*, case when p.id is not null then ${projectRefJson} end as project, s.state as thread_state, w.level as watch_level
from (
  select * from (
    select distinct on (n.subject) ${notificationColumns},
      count(*) over (partition by n.subject)::int as total,
      (count(*) filter (where n.read_at is null) over (partition by n.subject))::int as unread
    from notifications n
    where n.user_id = $1${conditions.ofAll}
    order by n.subject, n.created_at desc, n.id desc
  ) n
  where (n.created_at, n.id) < ($2, $3)${conditions.ofGroups}
  order by n.created_at desc, n.id desc limit $4
) n
left join projects p on p.id = n.project_id and ${conditions.scope}
left join thread_subscriptions s on s.actor_id = $1
  and s.thread_id = case when n.subject like 'thread:%' then substr(n.subject, 8)::uuid end
left join watches w on w.user_id = $1 and w.project_id = n.project_id
order by n.created_at desc, n.id desc`;

interface Row extends NotificationRow, Pick<NotificationGroup, 'total' | 'unread' | 'project'> {
  thread_state: NotificationGroup['threadState'];
  watch_level: NotificationGroup['watchLevel'];
}

/** Up to `limit` subjects of which a person was told, the one with the newest notification first. */
export async function listNotificationGroups(
  reads: pg.Pool,
  of: {
    userId: string;
    unreadOnly: boolean;
    projectId: string | undefined;
    /** Projects whose names the person may know. */
    scope: ProjectScope;
    position: { createdAt: Date; id: string } | null;
    limit: number;
  },
): Promise<NotificationGroup[]> {
  const inProject = of.projectId === undefined ? [] : [of.projectId];
  const scope = projectScope(of.scope, { first: 5 + inProject.length });
  const shape = [...(of.unreadOnly ? ['unread'] : []), ...inProject.map(() => 'project')].join(' ');
  const { rows } = await reads.query<Row>({
    name: `notification groups ${shape} ${scope.shape}`,
    text: compose({
      ofAll: inProject.map(() => ' and n.project_id = $5').join(''),
      ofGroups: of.unreadOnly ? ' and n.unread > 0' : '',
      ctes: scope.ctes,
      scope: scope.condition,
    }),
    values: [of.userId, ...before(of.position), of.limit, ...inProject, ...scope.values],
  });
  return rows.map((row) => ({
    subject: row.subject,
    newest: toNotificationView(row),
    total: row.total,
    unread: row.unread,
    project: row.project,
    threadState: row.thread_state,
    watchLevel: row.watch_level,
  }));
}
