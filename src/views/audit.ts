import { z } from 'zod';
import { moment, uuid } from './columns.ts';

/** A line of the audit log. */
export const auditLogView = z.object({
  id: uuid,
  actorId: uuid.nullable(),
  projectId: uuid.nullable(),
  action: z.string(),
  entityType: z.string(),
  entityId: z.string(),
  /** Column → old and new value; secrets are redacted. */
  changes: z.record(z.string(), z.object({ old: z.unknown(), new: z.unknown() })),
  via: z.enum(['session', 'api_key', 'worker', 'system']),
  requestId: z.string().nullable(),
  createdAt: moment,
});
export type AuditLogView = z.infer<typeof auditLogView>;
