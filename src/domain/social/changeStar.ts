import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import { type ActorRef, viewActorRef } from '../../views/identity.ts';
import type { StarView } from '../../views/social.ts';
import { deleteStar } from './sql/deleteStar.ts';
import { putStar } from './sql/putStar.ts';

function record(em: EntityManager, action: 'create' | 'delete', star: StarView): void {
  const { projectId, actor } = star;
  audit(em, { action, entityType: 'stars', entityId: `${actor.id} ${projectId}`, projectId });
  emit(em, `project:${projectId}`, action === 'create' ? 'star.added' : 'star.removed', () => star);
}

/** Gives the project the actor's star; once however often it is called. */
export async function setStar(em: EntityManager, actor: ActorRef, projectId: string): Promise<StarView> {
  const { isNew, createdAt } = await putStar(em, { userId: actor.id, projectId });
  const star = { projectId, actor: viewActorRef(actor), createdAt };
  if (isNew) record(em, 'create', star);
  return star;
}

/** Takes the actor's star away, if it is there. */
export async function removeStar(em: EntityManager, actor: ActorRef, projectId: string): Promise<void> {
  const createdAt = await deleteStar(em, { userId: actor.id, projectId });
  if (createdAt) record(em, 'delete', { projectId, actor: viewActorRef(actor), createdAt });
}
