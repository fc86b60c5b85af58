import type { EntityManager } from '@mikro-orm/postgresql';
import { Session } from '../../entities/identity/Session.ts';
import { fail } from '../../errors.ts';

/** Ends one of the actor's own sessions; one that has ended stays as it is. @throws NOT_FOUND */
export async function closeSession(em: EntityManager, actorId: string, sessionId: string): Promise<Session> {
  const session = await em.findOne(Session, { id: sessionId, userId: actorId });
  if (!session) return fail('NOT_FOUND', { thing: 'session' });
  session.revokedAt ??= new Date();
  return session;
}
