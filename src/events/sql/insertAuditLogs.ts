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

/** Both epochs of authorisation as they stood when a transaction had written all it writes. */
export interface EpochsAtEnd {
  policyEpoch: number;
  accessEpoch: number;
}

/** How the statements of this folder answer with them. */
export interface EpochRow {
  policy_epoch: string;
  access_epoch: string;
}

export function toEpochs(row: EpochRow | undefined): EpochsAtEnd {
  return { policyEpoch: Number(row?.policy_epoch), accessEpoch: Number(row?.access_epoch) };
}

const sql = `
with audited as (${insertAudits('$1')})
select policy as policy_epoch, access as access_epoch from current_epochs(0)`;

/** Writes the audit of a transaction that has no event. */
export async function insertAuditLogs(em: EntityManager, rows: AuditRow[]): Promise<EpochsAtEnd> {
  const [row] = await executePrepared<EpochRow>(em, sql, [JSON.stringify(rows)]);
  return toEpochs(row);
}
