import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../events/audit.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { WatchLevel } from '../../views/social.ts';
import { deleteWatch } from './sql/deleteWatch.ts';
import { putWatch } from './sql/putWatch.ts';

/** How much the actor wants to hear of the project: see Watch.ts. A choice of their own, so it is no event of the project. */
export async function setWatch(
  em: EntityManager,
  actor: ActorRef,
  choice: { projectId: string; level: WatchLevel },
): Promise<{ projectId: string; level: WatchLevel }> {
  const { projectId, level } = choice;
  if (await putWatch(em, { userId: actor.id, projectId, level })) {
    const entityId = `${actor.id} ${projectId}`;
    audit(em, {
      action: 'update',
      entityType: 'watches',
      entityId,
      projectId,
      changes: { level: { new: level } },
    });
  }
  return { projectId, level };
}

/** Takes the choice back: the actor hears of what they take part in, as everyone does. */
export async function removeWatch(em: EntityManager, actor: ActorRef, projectId: string): Promise<void> {
  if (await deleteWatch(em, { userId: actor.id, projectId }))
    audit(em, { action: 'delete', entityType: 'watches', entityId: `${actor.id} ${projectId}`, projectId });
}
