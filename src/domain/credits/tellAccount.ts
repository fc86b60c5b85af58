import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { emit } from '../../events/emit.ts';
import type { NotificationType } from '../../views/notifications.ts';
import { findDisabled } from '../notifications/sql/findDisabled.ts';
import { insertNotifications } from '../notifications/sql/insertNotifications.ts';

export interface AccountNotice {
  userId: string;
  type: NotificationType;
  title: string;
  message: string;
  payload: Record<string, unknown>;
  /** What it follows from, in up to 80 characters; of one thing a person is told once. */
  cause: string;
}

/**
 * Tells a person what happened to their account, unless they do not want to hear of it. It concerns nobody
 * else and no project, so it needs no follower: it is written with what it tells of.
 */
export async function tellAccount(em: EntityManager, notice: AccountNotice): Promise<void> {
  const { userId, type, title, message, payload, cause } = notice;
  const disabled = await findDisabled(em, [userId]);
  if (disabled.some((preference) => preference.type === type)) return;
  const view = {
    id: uuidv7(),
    projectId: null,
    type,
    title,
    message,
    subject: `credits:${userId}`,
    payload,
    createdAt: new Date(),
  };
  const row = { ...view, userId, eventStream: cause, eventSeq: 0 };
  const inserted = await insertNotifications(em, [row]);
  if (inserted.size > 0) emit(em, `user:${userId}`, 'notification.added', () => ({ ...view, readAt: null }));
}
