import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { emit } from '../../events/emit.ts';
import type { NotificationType } from '../../views/notifications.ts';
import { cut } from './excerpt.ts';
import { findDisabled } from './sql/findDisabled.ts';
import { insertNotifications } from './sql/insertNotifications.ts';

export interface PersonalNotice {
  userId: string;
  type: NotificationType;
  /** Of any length: it is cut to its column. */
  title: string;
  message: string;
  /** `noun:<id>`. */
  subject: string;
  payload: Record<string, unknown>;
  /** What it follows from, in up to 80 characters; of one thing a person is told once. */
  cause: string;
}

/**
 * Tells a person what is theirs to know whatever their roles in a project, unless they do not want to hear of
 * it. It needs no follower: it is written with what it tells of.
 */
export async function tellPerson(em: EntityManager, notice: PersonalNotice): Promise<void> {
  const { userId, type, message, subject, payload, cause } = notice;
  const disabled = await findDisabled(em, [userId]);
  if (disabled.some((preference) => preference.type === type)) return;
  const title = cut(notice.title, 255);
  const view = {
    id: uuidv7(),
    projectId: null,
    type,
    title,
    message,
    subject,
    payload,
    createdAt: new Date(),
  };
  const inserted = await insertNotifications(em, [{ ...view, userId, eventStream: cause, eventSeq: 0 }]);
  if (inserted.size > 0) emit(em, `user:${userId}`, 'notification.added', () => ({ ...view, readAt: null }));
}
