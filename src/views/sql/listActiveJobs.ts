import type pg from 'pg';
import type { JobRow } from '../jobs.ts';
import { jobColumns } from './jobColumns.ts';

const text = `
select ${jobColumns} from jobs j
where j.project_id = $1 and j.status in ('pending', 'queued', 'running')
order by j.created_at desc, j.id desc
limit $2`;

/** The newest jobs of a project that are not over, at most `limit`. */
export async function listActiveJobs(
  client: pg.ClientBase,
  projectId: string,
  limit: number,
): Promise<JobRow[]> {
  return (await client.query<JobRow>({ name: 'list active jobs', text, values: [projectId, limit] })).rows;
}
