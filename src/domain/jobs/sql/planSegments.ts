import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../../database/executePrepared.ts';

export interface PlannedSegment {
  index: number;
  /** SHA-256 of what it works on, in hexadecimal. */
  hash: string;
  label: string | null;
  startMs: number | null;
  endMs: number | null;
}

/** A segment as its row stands before the work begins. */
export interface SegmentState {
  id: string;
  index: number;
  status: 'pending' | 'failed' | 'completed' | 'cancelled';
  attempts: number;
  result: unknown;
  costCredits: number;
}

const remove = `delete from job_segments where job_id = $1 and stage = $2 and segment_index >= $3`;

/** What it was charged stays: a segment is paid once, however often its input changes. */
const put = `
insert into job_segments as s (id, job_id, stage, segment_index, label, start_ms, end_ms, input_hash)
select g.id, $1, $2, g.index, g.label, g."startMs", g."endMs", g.hash
from jsonb_to_recordset($3::jsonb) as g (id uuid, index int, hash text, label text, "startMs" int, "endMs" int)
on conflict (job_id, stage, segment_index) do update set
  label = excluded.label, start_ms = excluded.start_ms, end_ms = excluded.end_ms, input_hash = excluded.input_hash,
  status = 'pending', result = null, error_code = null, error_message = null, finished_at = null
where s.input_hash is distinct from excluded.input_hash`;

/** Whoever was at them is gone. */
const free = `
update job_segments set status = 'pending'
where job_id = $1 and stage = $2 and status in ('running', 'queued')`;

const read = `
select id, segment_index as index, status, attempts, result, cost_credits::float8 as "costCredits"
from job_segments where job_id = $1 and stage = $2 order by segment_index`;

const rowsAtOnce = 1_000;

/**
 * Makes the rows of a stage what is to be done: new segments are added, those whose input changed are to be done
 * again, and those beyond the last one go. The job's row must be locked.
 */
export async function planSegments(
  em: EntityManager,
  { jobId, stage, segments }: { jobId: string; stage: string; segments: readonly PlannedSegment[] },
): Promise<SegmentState[]> {
  await executePrepared(em, remove, [jobId, stage, segments.length]);
  await executePrepared(em, free, [jobId, stage]);
  for (let from = 0; from < segments.length; from += rowsAtOnce) {
    const rows = segments
      .slice(from, from + rowsAtOnce)
      .map((segment) => Object.assign({ id: uuidv7() }, segment));
    await executePrepared(em, put, [jobId, stage, JSON.stringify(rows)]);
  }
  return executePrepared<SegmentState>(em, read, [jobId, stage]);
}
