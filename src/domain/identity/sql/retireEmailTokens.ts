import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../../events/audit.ts';

const sql = `
update email_tokens set used_at = now()
where kind = ?::email_token_kind and actor_id is not distinct from ?::uuid and used_at is null
returning id`;

/** Makes all links of one kind that an actor (or, for null, nobody in particular) still holds useless. */
export async function retireEmailTokens(
  em: EntityManager,
  kind: 'reset' | 'setup',
  actorId: string | null,
): Promise<void> {
  const retired: unknown[] = await em.execute(sql, [kind, actorId]);
  if (retired.length === 0) return;
  audit(em, {
    action: 'retire',
    entityType: 'email_tokens',
    entityId: actorId ?? kind,
    changes: { [kind]: { new: retired.length } },
  });
}
