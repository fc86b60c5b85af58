import type pg from 'pg';

/** Walks jobs_running_index: there are never more than all workers together have places for. */
const text = `
select distinct j.project_id as "projectId" from jobs j join projects p on p.id = j.project_id
where j.status = 'running' and p.deleted_at is not null`;

/** Deleted projects of which a job runs all the same: it was on its way into the queue, or to its start, as they were deleted. */
export async function findUnreachable(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ projectId: string }>({ name: 'find unreachable jobs', text });
  return rows.map(({ projectId }) => projectId);
}
