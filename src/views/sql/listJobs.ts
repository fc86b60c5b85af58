import type pg from 'pg';
import type { JobRow, JobStatus } from '../jobs.ts';
import { jobColumns } from './jobColumns.ts';

/** Walks jobs_project_id_created_at_index backwards from the position; both filters are applied on the way. */
const text = `
select ${jobColumns} from jobs j
where j.project_id = $1
  and ($2::job_status is null or j.status = $2)
  and ($3::text is null or j.job_type = $3)
  and ($4::timestamptz is null or (j.created_at, j.id) < ($4, $5::uuid))
order by j.created_at desc, j.id desc
limit $6`;

export interface JobFilter {
  projectId: string;
  status?: JobStatus | undefined;
  jobType?: string | undefined;
  /** The last of the page before. */
  after: { createdAt: Date; id: string } | null;
  limit: number;
}

/** Jobs of a project, newest first. */
export async function listJobs(reads: pg.Pool, filter: JobFilter): Promise<JobRow[]> {
  const { projectId, status, jobType, after, limit } = filter;
  const values = [
    projectId,
    status ?? null,
    jobType ?? null,
    after?.createdAt ?? null,
    after?.id ?? null,
    limit,
  ];
  return (await reads.query<JobRow>({ name: 'list jobs', text, values })).rows;
}
