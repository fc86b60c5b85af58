import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { audit } from '../../events/audit.ts';
import { eraseFromAudit } from '../audit/eraseFromAudit.ts';
import { anonymous } from '../identity/anonymous.ts';

const batchSize = 20;

const erase = `
update actors set name = '${anonymous}', username = 'deleted-' || id, email = null, password_hash = null, orcid = null,
  institution_id = null, metadata = '{}', updated_at = now()
where id in (
  select id from actors
  where deleted_at < now() - make_interval(days => $1) and username <> 'deleted-' || id
  order by deleted_at limit ${batchSize} for update skip locked
)
returning id`;

const personal = [
  'delete from sessions where user_id = any($1::uuid[])',
  'delete from api_keys where user_id = any($1::uuid[])',
  'delete from email_tokens where actor_id = any($1::uuid[])',
  'update transactions set webhook_payload = null where user_id = any($1::uuid[]) and webhook_payload is not null',
  'delete from organization_members where organization_id = any($1::uuid[]) or actor_id = any($1::uuid[])',
];

/**
 * Takes from deleted actors what says who they were, in the audit log too. The row itself stays for as long as
 * something needs it: money that was paid, a project that is kept.
 * @returns whether there may be more.
 */
export async function eraseActors(em: EntityManager, days: number): Promise<boolean> {
  const rows = await executePrepared<{ id: string }>(em, erase, [days]);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return false;
  for (const statement of personal) await executePrepared(em, statement, [ids]);
  for (const id of ids) {
    await eraseFromAudit(em, id);
    audit(em, { action: 'erase', entityType: 'actors', entityId: id });
  }
  return ids.length === batchSize;
}
