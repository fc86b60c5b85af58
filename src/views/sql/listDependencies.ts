import type pg from 'pg';
import type { Dependency } from '../tracking.ts';

const text = `
select d.task_id as "taskId", jsonb_build_object('id', b.id, 'title', b.title, 'status', b.status) as "dependsOn"
from tasks t
join task_dependencies d on d.task_id = t.id
join tasks b on b.id = d.depends_on and b.deleted_at is null
where t.id = any($2::uuid[]) and t.project_id = $1 and t.deleted_at is null
order by d.task_id, b.created_at, b.id`;

/** What tasks of a project wait for, or have waited for: completed tasks included, deleted ones not. */
export async function listDependencies(
  reads: pg.Pool,
  of: { projectId: string; taskIds: readonly string[] },
): Promise<Dependency[]> {
  const values = [of.projectId, of.taskIds];
  return (await reads.query<Dependency>({ name: 'list dependencies', text, values })).rows;
}
