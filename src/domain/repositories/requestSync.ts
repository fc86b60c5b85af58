import type { EntityManager } from '@mikro-orm/postgresql';
import type { Caller } from '../../authz/Authorizer.ts';
import { checkRefName } from '../../drivers/git/checkRefName.ts';
import { parseRepositoryUrl } from '../../drivers/git/parseRepositoryUrl.ts';
import { Project } from '../../entities/projects/Project.ts';
import { RepoSync } from '../../entities/repositories/RepoSync.ts';
import { fail } from '../../errors.ts';
import { enqueueJob } from '../../jobs/enqueue.ts';
import type { JobRow } from '../../views/jobs.ts';
import { claimSlot } from '../jobs/claimSlot.ts';
import { type SyncParams, syncJobType } from './syncParams.ts';

/**
 * Queues a sync of the project's repository. What can be seen without touching the repository is checked
 * here, the rest when the job runs.
 * @throws REPOSITORY_URL_MISSING, REPOSITORY_URL_REFUSED, REPOSITORY_REF_UNKNOWN, JOB_ALREADY_RUNNING
 */
export async function requestSync(
  em: EntityManager,
  actor: Caller,
  { id, projectId, ref }: { id?: string | undefined; projectId: string; ref?: string | undefined },
): Promise<JobRow> {
  await claimSlot(em, { projectId, jobType: syncJobType });
  const project = await em.findOne(Project, { id: projectId });
  if (!project) return fail('NOT_FOUND', { thing: 'project' });
  parseRepositoryUrl(project.repositoryUrl || fail('REPOSITORY_URL_MISSING'));
  if (ref !== undefined) checkRefName(ref);
  const params: SyncParams = { ref: ref ?? null };
  const job = await enqueueJob(em, { id, jobType: syncJobType, projectId, userId: actor.id, params });
  em.create(RepoSync, { id: job.id, projectId, ref: ref ?? null });
  return job;
}
