import type { EntityManager } from '@mikro-orm/postgresql';

/** Who looks at the same time takes others; what was claimed for this due date is never claimed again. */
const sql = `
with due as materialized (
  select t.id, t.due_date
  from tasks t join projects p on p.id = t.project_id and p.deleted_at is null
  where t.deleted_at is null and t.status <> 'COMPLETED' and t.assignee_id is not null
    and t.due_date <= now() + make_interval(hours => ?) and t.due_date > now() - make_interval(days => ?)
    and not exists (select from task_reminders r where r.task_id = t.id and r.due_date = t.due_date)
  order by t.due_date limit ?
  for no key update of t skip locked
)
insert into task_reminders (task_id, due_date) select id, due_date from due
on conflict do nothing returning task_id as id`;

/** Up to `limit` tasks that are due within `hours`, or were within the last `days`, and of which nobody was told yet. */
export async function claimDueTasks(
  em: EntityManager,
  { hours, days, limit }: { hours: number; days: number; limit: number },
): Promise<string[]> {
  const rows: { id: string }[] = await em.execute(sql, [hours, days, limit]);
  return rows.map((row) => row.id);
}
