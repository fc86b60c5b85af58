import type { MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { systemCause, transact } from '../../database/transaction.ts';
import { cancelJob } from './cancelJob.ts';

/** Whoever restores a project now is waited for by nobody: it is left for the next time. */
const find = `
select j.id as "jobId", j.project_id as "projectId"
from projects p join jobs j on j.project_id = p.id
where p.deleted_at < now() - make_interval(days => $1) and j.status in ('pending', 'queued')
order by j.id limit 200
for no key update of j skip locked for share of p skip locked`;

/**
 * Cancels what waits for projects that can be restored no more, which gives back the credits it holds; they are purged
 * after that.
 * @param days in which a deleted project can be restored
 * @returns how many jobs.
 */
export async function cancelUnreachable(orm: MikroORM, days: number): Promise<number> {
  for (let count = 0; ;) {
    const cancelled = await transact(orm, systemCause, async (em) => {
      const jobs = await executePrepared<{ jobId: string; projectId: string }>(em, find, [days]);
      for (const job of jobs) await cancelJob(em, job);
      return jobs.length;
    });
    count += cancelled;
    if (cancelled === 0) return count;
  }
}
