import { z } from 'zod';
import { addDependency, removeDependency } from '../domain/tracking/changeDependency.ts';
import { createTask } from '../domain/tracking/createTask.ts';
import { deleteTask, restoreTask } from '../domain/tracking/deleteTask.ts';
import { findCriticalPath } from '../domain/tracking/findCriticalPath.ts';
import { updateTask } from '../domain/tracking/updateTask.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listDependencies } from '../views/sql/listDependencies.ts';
import { listOpenTasks } from '../views/sql/listOpenTasks.ts';
import { listTasks } from '../views/sql/listTasks.ts';
import { readBurndown } from '../views/sql/readBurndown.ts';
import { readTask } from '../views/sql/readTask.ts';
import { priority, taskStatus } from '../views/tracking.ts';
import { askAssignee } from './assignee.ts';
import { project, router } from './trpc.ts';
import { description, plannedMoment, title, version } from './workFields.ts';

const columns = {
  milestoneId: uuid.nullish(),
  description: description.optional(),
  status: taskStatus.optional(),
  priority: priority.optional(),
  assigneeId: uuid.nullish(),
  dueAt: plannedMoment.nullish(),
};

export const tasks = router({
  /** Makes a task, in a milestone or outside any. The assignee must be able to see the project's tasks, and is told. */
  create: project.mutation(
    'tasks.create',
    { id: uuid.optional(), title, ...columns },
    async ({ ctx, input }) => {
      const checkAssignee = await askAssignee(ctx, input.assigneeId, 'tasks.get');
      return ctx.write(
        async (em) => {
          checkAssignee();
          return createTask(em, ctx.actor, { ...input, projectId: ctx.projectId });
        },
        (view) => view(),
      );
    },
  ),

  /** One task with the tasks it waits for (`dependsOn`) and those that wait for it (`dependents`). */
  get: project.query(
    'tasks.get',
    { taskId: uuid },
    async ({ ctx, input }) =>
      (await readTask(ctx.reads, { projectId: ctx.projectId, taskId: input.taskId })) ??
      fail('NOT_FOUND', { thing: 'task' }),
  ),

  /** The project's tasks, newest first: all, or those of a milestone (null: of none), an assignee or a status, or due before a moment. */
  list: project.query(
    'tasks.list',
    {
      ...page,
      milestoneId: uuid.nullish(),
      assigneeId: uuid.optional(),
      status: taskStatus.optional(),
      dueBefore: plannedMoment.optional(),
    },
    async ({ ctx, input: { cursor, limit, projectId: _, milestoneId, ...rest } }) => {
      const filter = milestoneId === null ? { ...rest, isOutside: true } : { ...rest, milestoneId };
      const of = { projectId: ctx.projectId, filter, position: readCursor(cursor), limit: limit + 1 };
      return toPage(await listTasks(ctx.reads, of), limit, (task) => task);
    },
  ),

  /**
   * Changes what is given. Status: NOT_STARTED → IN_PROGRESS, BLOCKED; IN_PROGRESS → NOT_STARTED, BLOCKED,
   * COMPLETED; BLOCKED → NOT_STARTED, IN_PROGRESS; COMPLETED → IN_PROGRESS. Send the `version` you read, and a
   * change in between is a VERSION_CLASH.
   */
  update: project.mutation(
    'tasks.update',
    { taskId: uuid, title: title.optional(), ...columns, version },
    async ({ ctx, input: { taskId, version: sent, projectId: _, mutationId: __, ...changes } }) => {
      const checkAssignee = await askAssignee(ctx, changes.assigneeId, 'tasks.get');
      return ctx.write(
        (em) => updateTask(em, { projectId: ctx.projectId, taskId, changes, version: sent, checkAssignee }),
        (view) => view(),
      );
    },
  ),

  /** Deletes a task softly: what waited for it waits no longer. */
  delete: project.mutation('tasks.delete', { taskId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) => deleteTask(em, { projectId: ctx.projectId, taskId: input.taskId }),
      (view) => view(),
    ),
  ),

  /** Takes a deleted task back, with its dependencies. */
  restore: project.mutation('tasks.restore', { taskId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) => restoreTask(em, { projectId: ctx.projectId, taskId: input.taskId }),
      (view) => view(),
    ),
  ),

  /** Makes a task wait for another one; a circle is refused, and named. Doing it twice changes nothing. */
  addDependency: project.mutation(
    'tasks.addDependency',
    { taskId: uuid, dependsOn: uuid },
    ({ ctx, input: { taskId, dependsOn } }) =>
      ctx.write(
        (em) => addDependency(em, { projectId: ctx.projectId, taskId, dependsOn }),
        (pair) => pair,
      ),
  ),

  /** Lets a task wait for another no longer; it need not have waited. */
  removeDependency: project.mutation(
    'tasks.removeDependency',
    { taskId: uuid, dependsOn: uuid },
    ({ ctx, input: { taskId, dependsOn } }) =>
      ctx.write(
        (em) => removeDependency(em, { projectId: ctx.projectId, taskId, dependsOn }),
        (pair) => pair,
      ),
  ),

  /** What some tasks wait for, or have waited for until that was completed: for a list or a board. */
  dependencies: project.query(
    'tasks.dependencies',
    { taskIds: z.array(uuid).min(1).max(200) },
    async ({ ctx, input: { taskIds } }) => ({
      items: await listDependencies(ctx.reads, { projectId: ctx.projectId, taskIds }),
    }),
  ),

  /**
   * The chain of open tasks, each waiting for the one before, that takes longest: what decides when the
   * project, or the milestone, is done. A task counts for the days from its creation to its due date, begun
   * ones counted and one at least; without a due date for one.
   */
  criticalPath: project.query(
    'tasks.criticalPath',
    { milestoneId: uuid.optional() },
    async ({ ctx, input: { milestoneId = null } }) => {
      const open = await listOpenTasks(ctx.reads, { projectId: ctx.projectId, milestoneId });
      return open ? findCriticalPath(open) : fail('NOT_FOUND', { thing: 'milestone' });
    },
  ),

  /**
   * How many tasks a milestone had at the end of each day (UTC), done and remaining: from its start to its
   * end, and beyond for as long as its tasks changed, up to today; the last thousand days at most. The past
   * stays as it was when tasks move to other milestones.
   */
  burndown: project.query(
    'tasks.burndown',
    { milestoneId: uuid },
    async ({ ctx, input }) =>
      (await readBurndown(ctx.reads, { projectId: ctx.projectId, milestoneId: input.milestoneId })) ??
      fail('NOT_FOUND', { thing: 'milestone' }),
  ),
});
