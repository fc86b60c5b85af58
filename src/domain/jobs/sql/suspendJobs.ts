import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { reviveJob } from '../../../views/sql/reviveJob.ts';
import type { JobRow } from '../../../views/jobs.ts';
import { jobColumns } from '../../../views/sql/jobColumns.ts';

/** Rows that are locked now are left to the next look: who has them may be waiting for the row of the project. */
const suspend = `
with found as (
  select id, status from jobs
  where project_id = $1 and status in ('queued', 'running')
  order by id for no key update skip locked
), given_back as (
  update job_segments s set status = 'pending' from found f where s.job_id = f.id and s.status = 'running'
)
update jobs j set status = 'pending', heartbeat_at = null, updated_at = now()
from found f where j.id = f.id
returning j.id, f.status as before`;

/** Takes the jobs of a project out of the queue and from their workers. @returns which, and how each stood. */
export function takeFromQueue(
  em: EntityManager,
  projectId: string,
): Promise<{ id: string; before: 'queued' | 'running' }[]> {
  return executePrepared(em, suspend, [projectId]);
}

const resume = `
update jobs j set status = 'queued', updated_at = now()
where j.project_id = $1 and j.status = 'pending'
returning ${jobColumns}`;

/** Puts those that wait for their project in the queue again. @returns them. */
export async function putInQueue(em: EntityManager, projectId: string): Promise<JobRow[]> {
  return (await executePrepared<JobRow>(em, resume, [projectId])).map(reviveJob);
}

/** The lock keeps whoever restores or deletes the project waiting until the transaction is over. */
const lockDeleted = `select from projects where id = $1 and deleted_at is not null for share`;

export async function isProjectDeleted(em: EntityManager, projectId: string): Promise<boolean> {
  return (await executePrepared(em, lockDeleted, [projectId])).length > 0;
}
