import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../../events/audit.ts';

const sql = `update api_keys set revoked_at = now(), updated_at = now() where user_id = ? and revoked_at is null returning id`;

/** Revokes every API key of an actor; recorded once, with their number. */
export async function revokeApiKeys(em: EntityManager, actorId: string): Promise<void> {
  const ended: unknown[] = await em.execute(sql, [actorId]);
  if (ended.length === 0) return;
  audit(em, {
    action: 'revoke',
    entityType: 'api_keys',
    entityId: actorId,
    changes: { apiKeys: { new: ended.length } },
  });
}
