import type pg from 'pg';
import type { AuditLogView } from '../audit.ts';
import type { Position } from '../paging.ts';

const text = `
select id, user_id as "actorId", project_id as "projectId", action, entity_type as "entityType", entity_id as "entityId",
  changes, via, request_id as "requestId", created_at as "createdAt"
from audit_logs
where project_id = $1
  and ($2::text is null or entity_type = $2) and ($3::text is null or entity_id = $3)
  and ($4::timestamptz is null or (created_at, id) < ($4::timestamptz, $5::uuid))
order by created_at desc, id desc
limit $6`;

/** A project's audit log, newest first. */
export async function listAuditLogs(
  reads: pg.Pool,
  filter: {
    projectId: string;
    entityType: string | null;
    entityId: string | null;
    after: Position | null;
    limit: number;
  },
): Promise<AuditLogView[]> {
  const { rows } = await reads.query<AuditLogView>({
    name: 'list audit logs',
    text,
    values: [
      filter.projectId,
      filter.entityType,
      filter.entityId,
      filter.after?.createdAt ?? null,
      filter.after?.id ?? null,
      filter.limit,
    ],
  });
  return rows;
}
