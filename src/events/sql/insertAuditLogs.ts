import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { AuditRow } from '../audit.ts';

/**
 * Inserts the rows of a JSON array given as `parameter`. One statement however many rows: through the unit of
 * work each row costs an entity and a change set.
 */
export const insertAudits = (parameter: string) => `
  insert into audit_logs (id, user_id, project_id, action, entity_type, entity_id, changes, via, request_id, ip_address, user_agent)
  select id, user_id, project_id, action, entity_type, entity_id, changes, via, request_id, ip_address, user_agent
  from jsonb_populate_recordset(null::audit_logs, ${parameter}::jsonb)`;

const sql = insertAudits('$1');

/** Writes the audit of a transaction that has no event. */
export async function insertAuditLogs(em: EntityManager, rows: AuditRow[]): Promise<void> {
  await executePrepared(em, sql, [JSON.stringify(rows)]);
}
