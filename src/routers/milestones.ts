import { createMilestone } from '../domain/tracking/createMilestone.ts';
import { deleteMilestone, restoreMilestone } from '../domain/tracking/deleteMilestone.ts';
import { updateMilestone } from '../domain/tracking/updateMilestone.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listMilestones } from '../views/sql/listMilestones.ts';
import { readMilestone } from '../views/sql/readMilestone.ts';
import { taskStatus, viewMilestone } from '../views/tracking.ts';
import { project, router } from './trpc.ts';
import { description, plannedMoment, title, version } from './workFields.ts';

export const milestones = router({
  /** Makes a milestone; tasks come into it by their `milestoneId`, and from them its progress. */
  create: project.mutation(
    'milestones.create',
    {
      id: uuid.optional(),
      title,
      description: description.optional(),
      startAt: plannedMoment,
      endAt: plannedMoment,
      status: taskStatus.optional(),
    },
    ({ ctx, input }) =>
      ctx.write(
        (em) => createMilestone(em, ctx.actor, { ...input, projectId: ctx.projectId }),
        viewMilestone,
      ),
  ),

  /** One milestone, with the share of its tasks that are completed. */
  get: project.query(
    'milestones.get',
    { milestoneId: uuid },
    async ({ ctx, input }) =>
      (await readMilestone(ctx.reads, { projectId: ctx.projectId, milestoneId: input.milestoneId })) ??
      fail('NOT_FOUND', { thing: 'milestone' }),
  ),

  /** The project's milestones, newest first. */
  list: project.query(
    'milestones.list',
    { ...page, status: taskStatus.optional() },
    async ({ ctx, input: { cursor, limit, status } }) => {
      const of = {
        projectId: ctx.projectId,
        filter: { status },
        position: readCursor(cursor),
        limit: limit + 1,
      };
      return toPage(await listMilestones(ctx.reads, of), limit, (milestone) => milestone);
    },
  ),

  /**
   * Changes what is given. A status goes on as a task's does; the progress follows from the tasks alone. Send
   * the `version` you read, and a change in between is a VERSION_CLASH.
   */
  update: project.mutation(
    'milestones.update',
    {
      milestoneId: uuid,
      title: title.optional(),
      description: description.optional(),
      startAt: plannedMoment.optional(),
      endAt: plannedMoment.optional(),
      status: taskStatus.optional(),
      version,
    },
    ({ ctx, input: { milestoneId, version: sent, projectId: _, mutationId: __, ...changes } }) =>
      ctx.write(
        (em) => updateMilestone(em, { projectId: ctx.projectId, milestoneId, changes, version: sent }),
        viewMilestone,
      ),
  ),

  /** Deletes a milestone softly; its tasks stay. */
  delete: project.mutation('milestones.delete', { milestoneId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) => deleteMilestone(em, { projectId: ctx.projectId, milestoneId: input.milestoneId }),
      viewMilestone,
    ),
  ),

  /** Takes a deleted milestone back, with the tasks that are still its own. */
  restore: project.mutation('milestones.restore', { milestoneId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) => restoreMilestone(em, { projectId: ctx.projectId, milestoneId: input.milestoneId }),
      viewMilestone,
    ),
  ),
});
