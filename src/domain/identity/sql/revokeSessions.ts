import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../../events/audit.ts';

const sql = `
update sessions set revoked_at = now()
where user_id = ? and revoked_at is null and expires_at > now() and id is distinct from ?::uuid
returning id`;

/** Ends every session of an actor, apart from `except`; recorded once, with their number. */
export async function revokeSessions(
  em: EntityManager,
  actorId: string,
  except: string | null = null,
): Promise<void> {
  const ended: unknown[] = await em.execute(sql, [actorId, except]);
  if (ended.length === 0) return;
  audit(em, {
    action: 'revoke',
    entityType: 'sessions',
    entityId: actorId,
    changes: { sessions: { new: ended.length } },
  });
}
