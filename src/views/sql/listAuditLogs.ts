import type pg from 'pg';
import type { AuditLogView } from '../audit.ts';
import type { Position } from '../paging.ts';
import { before } from './keyset.ts';

/** The index (project_id, created_at, id) serves a project and what happened outside any alike. */
const compose = (of: string) => `
select id, user_id as "actorId", project_id as "projectId", action, entity_type as "entityType", entity_id as "entityId",
  changes, via, request_id as "requestId", created_at as "createdAt"
from audit_logs
where ${of}
  and ($1::text is null or entity_type = $1) and ($2::text is null or entity_id = $2)
  and ($3::text is null or action = $3) and ($4::uuid is null or user_id = $4)
  and (created_at, id) < ($5::timestamptz, $6::uuid)
order by created_at desc, id desc
limit $7`;
const ofProject = compose('project_id = $8');
const ofSystem = compose('project_id is null');

export interface AuditFilter {
  /** null: what belongs to no project. */
  projectId: string | null;
  entityType: string | null;
  entityId: string | null;
  action: string | null;
  actorId: string | null;
  after: Position | null;
  limit: number;
}

/** The audit log of a project, or of what belongs to none, newest first. */
export async function listAuditLogs(reads: pg.Pool, filter: AuditFilter): Promise<AuditLogView[]> {
  const { projectId, entityType, entityId, action, actorId, after, limit } = filter;
  const values = [entityType, entityId, action, actorId, ...before(after), limit];
  const { rows } = await reads.query<AuditLogView>({
    name: projectId === null ? 'list system audit logs' : 'list audit logs',
    text: projectId === null ? ofSystem : ofProject,
    values: projectId === null ? values : [...values, projectId],
  });
  return rows;
}
