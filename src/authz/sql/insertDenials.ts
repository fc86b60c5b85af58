import type pg from 'pg';

/** A row of the audit log about refused calls. */
export interface DenialRow {
  id: string;
  user_id: string;
  project_id: string | null;
  action: 'deny';
  entity_type: 'procedure';
  /** The permission. */
  entity_id: string;
  changes: Record<string, { new: unknown }>;
  via: 'session' | 'api_key';
  request_id: string;
  ip_address: string | null;
  user_agent: string | null;
  /** Of the first call that it stands for; ISO 8601. */
  created_at: string;
}

/**
 * Many rows in one statement, outside any transaction of a call. A row that is there already stays: it was
 * written, and only the answer was lost.
 */
const text = `
insert into audit_logs (id, user_id, project_id, action, entity_type, entity_id, changes, via, request_id, ip_address, user_agent, created_at)
select id, user_id, project_id, action, entity_type, entity_id, changes, via, request_id, ip_address, user_agent, created_at
from jsonb_populate_recordset(null::audit_logs, $1::jsonb)
on conflict (id) do nothing`;

export async function insertDenials(pool: pg.Pool, rows: readonly DenialRow[]): Promise<void> {
  await pool.query({ name: 'insert denials', text, values: [JSON.stringify(rows)] });
}
