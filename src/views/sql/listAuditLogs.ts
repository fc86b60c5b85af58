import type pg from 'pg';
import type { AuditLogView } from '../audit.ts';
import type { Position } from '../paging.ts';
import { after, before } from './keyset.ts';

/** The index (project_id, created_at, id) serves a project and what happened outside any alike. */
const compose = (of: string) => `
select id, user_id as "actorId", project_id as "projectId", action, entity_type as "entityType", entity_id as "entityId",
  changes, via, request_id as "requestId", created_at as "createdAt"
from audit_logs
where ${of}
  and ($1::text is null or entity_type = $1) and ($2::text is null or entity_id = $2)
  and ($3::text is null or action = $3) and ($4::uuid is null or user_id = $4)
  and created_at >= $7::timestamptz and created_at < $8::timestamptz
  and (created_at, id) < ($5::timestamptz, $6::uuid)
order by created_at desc, id desc
limit $9`;
const ofProject = compose('project_id = $10');
const ofSystem = compose('project_id is null');

export interface AuditFilter {
  /** null: what belongs to no project. */
  projectId: string | null;
  entityType: string | null;
  entityId: string | null;
  action: string | null;
  actorId: string | null;
  /** null: from the beginning. */
  fromAt: Date | null;
  /** Exclusive; null: to the end. */
  toAt: Date | null;
  after: Position | null;
  limit: number;
}

const composeExport = (of: string) => `
select id, user_id as "actorId", project_id as "projectId", action, entity_type as "entityType", entity_id as "entityId",
  changes, via, request_id as "requestId", created_at as "createdAt"
from audit_logs
where ${of} and created_at >= $1::timestamptz and created_at < $2::timestamptz and (created_at, id) > ($3::timestamptz, $4::uuid)
order by created_at, id
limit $5`;
const exportOfProject = composeExport('project_id = $6');
const exportOfSystem = composeExport('project_id is null');

export interface AuditSpan {
  /** null: what belongs to no project. */
  projectId: string | null;
  /** null: from the beginning. */
  fromAt: Date | null;
  /** Exclusive; null: to the end. */
  toAt: Date | null;
  after: Position | null;
  limit: number;
}

/** The audit log of a project, or of what belongs to none, oldest first. */
export async function listAuditSpan(reads: pg.Pool, span: AuditSpan): Promise<AuditLogView[]> {
  const { projectId, fromAt, toAt, limit } = span;
  const values = [fromAt ?? '-infinity', toAt ?? 'infinity', ...after(span.after), limit];
  const { rows } = await reads.query<AuditLogView>({
    name: projectId === null ? 'export system audit logs' : 'export audit logs',
    text: projectId === null ? exportOfSystem : exportOfProject,
    values: projectId === null ? values : [...values, projectId],
  });
  return rows;
}

/** The audit log of a project, or of what belongs to none, newest first. */
export async function listAuditLogs(reads: pg.Pool, filter: AuditFilter): Promise<AuditLogView[]> {
  const { projectId, entityType, entityId, action, actorId, fromAt, toAt, limit } = filter;
  const span = [fromAt ?? '-infinity', toAt ?? 'infinity'];
  const values = [entityType, entityId, action, actorId, ...before(filter.after), ...span, limit];
  const { rows } = await reads.query<AuditLogView>({
    name: projectId === null ? 'list system audit logs' : 'list audit logs',
    text: projectId === null ? ofSystem : ofProject,
    values: projectId === null ? values : [...values, projectId],
  });
  return rows;
}
