import type { EntityManager } from '@mikro-orm/postgresql';
import { type PersonalNotice, tellPerson } from '../notifications/tellPerson.ts';

/** Tells a person what happened to their credits, unless they do not want to hear of it. */
export async function tellAccount(em: EntityManager, notice: Omit<PersonalNotice, 'subject'>): Promise<void> {
  await tellPerson(em, { ...notice, subject: `credits:${notice.userId}` });
}
