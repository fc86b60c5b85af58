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

/** What recomputing the seals of a chain has shown. */
export const auditVerdictView = z.object({
  ok: z.boolean(),
  seals: z.number().int(),
  /** Rows under seals that hold. */
  rows: z.number().int(),
  /** Rows that no seal covers yet: those of about the last minute. */
  unsealed: z.number().int(),
  /** Hash of the last seal, hexadecimal: kept elsewhere, it shows later that nothing was cut off. */
  head: z.string().nullable(),
  firstBroken: z
    .object({
      /** Of the seal: 1, 2, 3 … */
      number: z.number().int(),
      /** `changed` may be the seal itself, too. */
      reason: z.enum(['changed', 'rowsRemoved', 'rowsAdded', 'sealMissing']),
      sealedAt: moment.nullable(),
    })
    .nullable(),
});
export type AuditVerdict = z.infer<typeof auditVerdictView>;

/** Reasons that speak of the caller's account or API key, which is no matter of the project's. */
const ownMatters = new Set(['suspended', 'keyClosed', 'keyProject', 'keyScope']);

/**
 * A row as the people of its project see it. Of a denied call they learn who made it, what it asked for, how
 * often, and whether it failed for want of a role; the policy's rules, what roles the caller has elsewhere
 * and the state of the account stay with the administrators. Every other row is as it is.
 */
export function viewDenial(row: AuditLogView): AuditLogView {
  if (row.action !== 'deny' || row.entityType !== 'procedure') return row;
  const { reason, count } = row.changes;
  const told = ownMatters.has(String(reason?.new)) ? 'account' : reason?.new;
  return {
    ...row,
    changes: { ...(reason ? { reason: { ...reason, new: told } } : {}), ...(count ? { count } : {}) },
  };
}
