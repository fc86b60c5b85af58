import type { EntityManager } from '@mikro-orm/postgresql';
import { Milestone } from '../../entities/tracking/Milestone.ts';
import type { TaskStatus } from '../../entities/tracking/taskStatus.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { viewMilestone } from '../../views/tracking.ts';

export interface NewMilestone {
  id?: string | undefined;
  projectId: string;
  title: string;
  description?: string | undefined;
  startAt: Date;
  endAt: Date;
  status?: TaskStatus | undefined;
}

/** Makes a milestone, without tasks yet. @throws BAD_INPUT when it would end before it starts. */
export async function createMilestone(
  em: EntityManager,
  actor: ActorRef,
  input: NewMilestone,
): Promise<Milestone> {
  const { id, projectId, startAt, endAt } = input;
  const milestone = em.create(Milestone, {
    ...(id ? { id } : {}),
    projectId,
    title: input.title,
    description: input.description ?? '',
    startAt,
    endAt,
    status: input.status ?? 'NOT_STARTED',
    progress: 0,
    createdBy: actor.id,
  });
  milestone.schedule(startAt, endAt);
  emit(em, `project:${projectId}`, 'milestone.created', () => viewMilestone(milestone));
  return milestone;
}
