import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { AuditRow } from '../audit.ts';

const sql = `
insert into audit_logs (id, user_id, project_id, action, entity_type, entity_id, changes, via, request_id, ip_address, user_agent)
select id, user_id, project_id, action, entity_type, entity_id, changes, via, request_id, ip_address, user_agent
from jsonb_populate_recordset(null::audit_logs, $1::jsonb)`;

/** One statement however many rows: through the unit of work each row costs an entity and a change set. */
export async function insertAuditLogs(em: EntityManager, rows: AuditRow[]): Promise<void> {
  await executePrepared(em, sql, [JSON.stringify(rows)]);
}
