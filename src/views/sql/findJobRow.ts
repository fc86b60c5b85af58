import type pg from 'pg';
import type { JobRow } from '../jobs.ts';
import { jobColumns } from './jobColumns.ts';

const text = `select ${jobColumns} from jobs j where j.id = $1 and ($2::uuid is null or j.project_id = $2)`;

/** One job; null for another project's. @param projectId null: whichever it belongs to. */
export async function findJobRow(
  reads: pg.Pool | pg.ClientBase,
  jobId: string,
  projectId: string | null,
): Promise<JobRow | null> {
  const { rows } = await reads.query<JobRow>({ name: 'find job', text, values: [jobId, projectId] });
  return rows[0] ?? null;
}
