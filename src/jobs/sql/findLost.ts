import type pg from 'pg';

/**
 * A queued job needs an entry that some worker can take, or has taken only now: one that has been locked for
 * longer was taken by a worker that died before it could start the job.
 */
const text = `
select j.id from jobs j
where j.status = 'queued' and j.project_id is not null and j.job_type = any($1)
  and not exists (
    select from graphile_worker.jobs q
    where q.key = j.id::text
      and ((q.locked_at is null and q.attempts < q.max_attempts) or q.locked_at > now() - make_interval(secs => $2))
  )
order by j.created_at
limit 100`;

/** Ids of queued jobs that are not in graphile-worker's queue, of the given types. */
export async function findLost(
  pool: pg.Pool,
  { types, lockedSeconds }: { types: string[]; lockedSeconds: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'find lost jobs',
    text,
    values: [types, lockedSeconds],
  });
  return rows.map((row) => row.id);
}
