import type { EntityManager } from '@mikro-orm/postgresql';
import { Task, type priorities } from '../../entities/tracking/Task.ts';
import type { TaskStatus } from '../../entities/tracking/taskStatus.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { TaskView } from '../../views/tracking.ts';
import { describeTask } from './describeTask.ts';
import { followProgress } from './followProgress.ts';

export interface NewTask {
  id?: string | undefined;
  projectId: string;
  milestoneId?: string | null | undefined;
  title: string;
  description?: string | undefined;
  status?: TaskStatus | undefined;
  priority?: (typeof priorities)[number] | undefined;
  /** Someone who can see tasks of the project. */
  assigneeId?: string | null | undefined;
  dueAt?: Date | null | undefined;
}

/**
 * Makes a task; it may begin in any status.
 * @returns what shows it once it is flushed.
 * @throws NOT_FOUND when the project has no such milestone.
 */
export async function createTask(
  em: EntityManager,
  actor: ActorRef,
  input: NewTask,
): Promise<() => TaskView> {
  const { id, projectId, milestoneId } = input;
  await followProgress(em, projectId, { to: milestoneId });
  const task = em.create(Task, {
    ...(id ? { id } : {}),
    projectId,
    milestoneId: milestoneId ?? null,
    title: input.title,
    description: input.description ?? '',
    status: input.status ?? 'NOT_STARTED',
    priority: input.priority ?? 'MEDIUM',
    assigneeId: input.assigneeId ?? null,
    dueAt: input.dueAt ?? null,
    createdBy: actor.id,
  });
  const view = await describeTask(em, task);
  emit(em, `project:${projectId}`, 'task.created', view);
  return view;
}
