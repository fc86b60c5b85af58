import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/** What became of a segment, or that somebody is at it. */
export interface SegmentRecord {
  index: number;
  status: 'running' | 'completed' | 'failed';
  /** How often it was begun. */
  attempts: number;
  result: unknown;
  errorCode: string | null;
  errorMessage: string | null;
  costCredits: number;
}

const sql = `
update job_segments s set
  status = r.status::job_status, attempts = r.attempts, result = nullif(r.result, 'null'), error_code = r."errorCode",
  error_message = r."errorMessage", cost_credits = r."costCredits",
  finished_at = case when r.status <> 'running' then now() end
from jsonb_to_recordset($3::jsonb) as r (
  index int, status text, attempts int, result jsonb, "errorCode" text, "errorMessage" text, "costCredits" bigint
)
where s.job_id = $1 and s.stage = $2 and s.segment_index = r.index`;

/** Writes down how segments stand, any number in one statement. The job's row must be locked. */
export async function recordSegments(
  em: EntityManager,
  { jobId, stage, records }: { jobId: string; stage: string; records: readonly SegmentRecord[] },
): Promise<void> {
  await executePrepared(em, sql, [jobId, stage, JSON.stringify(records)]);
}
