import type { EntityManager } from '@mikro-orm/postgresql';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { lockInbox } from './sql/lockInbox.ts';
import { type Which, markRead } from './sql/markRead.ts';

/** Marks the actor's notifications as read, and tells the actor's other windows. @returns how many were unread. */
export async function markNotificationsRead(
  em: EntityManager,
  actor: ActorRef,
  which: Which,
): Promise<number> {
  if (which === 'all') await lockInbox(em, actor.id);
  const marked = await markRead(em, actor.id, which);
  if (!marked) return 0;
  const { ids, readAt } = marked;
  emit(em, `user:${actor.id}`, 'notification.read', () => ({ ids: which === 'all' ? null : ids, readAt }));
  return ids.length;
}
