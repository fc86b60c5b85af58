import type pg from 'pg';
import type { JobStatus, SegmentRow } from '../jobs.ts';

/** Walks job_segments_index_unique from where the page before ended; both filters are applied on the way. */
const text = `
select s.id, s.stage, s.segment_index as index, s.label, s.start_ms as "startMs", s.end_ms as "endMs", s.status, s.attempts,
  s.cost_credits::float8 as "costCredits", s.error_code as "errorCode", s.error_message as "errorMessage",
  s.created_at as "createdAt", s.finished_at as "finishedAt"
from job_segments s
where s.job_id = $1
  and ($2::text is null or s.stage = $2)
  and ($3::job_status is null or s.status = $3)
  and ($4::uuid is null
    or (s.stage, s.segment_index) > (select p.stage, p.segment_index from job_segments p where p.id = $4))
order by s.stage, s.segment_index
limit $5`;

export interface SegmentFilter {
  jobId: string;
  stage?: string | undefined;
  status?: JobStatus | undefined;
  /** The last of the page before. */
  after: { id: string } | null;
  limit: number;
}

/** The segments of a job by stage and index. */
export async function listSegments(reads: pg.Pool, filter: SegmentFilter): Promise<SegmentRow[]> {
  const { jobId, stage, status, after, limit } = filter;
  const values = [jobId, stage ?? null, status ?? null, after?.id ?? null, limit];
  return (await reads.query<SegmentRow>({ name: 'list segments', text, values })).rows;
}
