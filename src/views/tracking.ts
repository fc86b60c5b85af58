import { z } from 'zod';
import type { Milestone } from '../entities/tracking/Milestone.ts';
import { type Task, priorities } from '../entities/tracking/Task.ts';
import type { TaskDependency } from '../entities/tracking/TaskDependency.ts';
import { taskStatuses } from '../entities/tracking/taskStatus.ts';
import { moment, uuid } from './columns.ts';
import { type ActorRef, actorRef, viewActorRef } from './identity.ts';

export const taskStatus = z.enum(taskStatuses);
export const priority = z.enum(priorities);

export const milestoneView = z.object({
  id: uuid,
  projectId: uuid,
  title: z.string(),
  description: z.string(),
  status: taskStatus,
  /** Share of its tasks that are completed, in percent, rounded down; 0 without tasks. */
  progress: z.number(),
  createdBy: uuid.nullable(),
  /** Send it back with `milestones.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  startAt: moment,
  endAt: moment,
  createdAt: moment,
  updatedAt: moment,
});
export type MilestoneView = z.infer<typeof milestoneView>;

export function viewMilestone(milestone: Milestone): MilestoneView {
  return {
    id: milestone.id,
    projectId: milestone.projectId,
    title: milestone.title,
    description: milestone.description,
    status: milestone.status,
    progress: milestone.progress,
    createdBy: milestone.createdBy ?? null,
    version: milestone.rowVersion,
    startAt: milestone.startAt,
    endAt: milestone.endAt,
    createdAt: milestone.createdAt,
    updatedAt: milestone.updatedAt,
  };
}

export const taskView = z.object({
  id: uuid,
  projectId: uuid,
  milestoneId: uuid.nullable(),
  title: z.string(),
  description: z.string(),
  status: taskStatus,
  /** Whether a task that it depends on is neither completed nor deleted. */
  isBlocked: z.boolean(),
  priority,
  assignee: actorRef.nullable(),
  createdBy: uuid.nullable(),
  /** Send it back with `tasks.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  dueAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type TaskView = z.infer<typeof taskView>;

/** What a task's view says besides its row. */
export interface TaskSurroundings {
  assignee: ActorRef | null;
  isBlocked: boolean;
}

export function viewTask(task: Task, { assignee, isBlocked }: TaskSurroundings): TaskView {
  return {
    id: task.id,
    projectId: task.projectId,
    milestoneId: task.milestoneId ?? null,
    title: task.title,
    description: task.description,
    status: task.status,
    isBlocked,
    priority: task.priority,
    assignee: assignee && viewActorRef(assignee),
    createdBy: task.createdBy ?? null,
    version: task.rowVersion,
    dueAt: task.dueAt ?? null,
    createdAt: task.createdAt,
    updatedAt: task.updatedAt,
  };
}

/** A task as others name it. */
export const taskRef = z.object({ id: uuid, title: z.string(), status: taskStatus });
export type TaskRef = z.infer<typeof taskRef>;

/** That a task waits for another, or has waited until that was completed. */
export interface Dependency {
  taskId: string;
  dependsOn: TaskRef;
}

/** A task with its neighbours: what it waits for, and what waits for it. */
export interface TaskDetails extends TaskView {
  dependsOn: TaskRef[];
  dependents: TaskRef[];
}

/** That `taskId` waits for `dependsOn`. */
export const dependencyView = z.object({ projectId: uuid, taskId: uuid, dependsOn: uuid });
export type DependencyView = z.infer<typeof dependencyView>;

export function viewDependency(dependency: Pick<TaskDependency, keyof DependencyView>): DependencyView {
  return { projectId: dependency.projectId, taskId: dependency.taskId, dependsOn: dependency.dependsOn };
}

/** A task on the critical path, and for how many days it counts there. */
export interface CriticalTask extends TaskRef {
  assignee: ActorRef | null;
  /** Days from its creation to its due date, begun ones counted, at least one; one without a due date. */
  days: number;
  dueAt: Date | null;
}

/** The chain of tasks that takes longest, first what has to be done first. */
export interface CriticalPath {
  days: number;
  tasks: CriticalTask[];
}

/** A milestone at the end of a day (UTC), or now for the day that is not over. */
export interface BurndownDay {
  /** `2026-11-21` */
  day: string;
  total: number;
  done: number;
  remaining: number;
}
