import type { EventSubscriber, FlushEventArgs, ChangeSet, EntityManager } from '@mikro-orm/postgresql';
import { ChangeSetType } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { type Cause, causeOf } from '../database/transaction.ts';
import { recordOf } from './record.ts';

export interface AuditRow {
  id: string;
  user_id: string | null;
  project_id: string | null;
  action: string;
  entity_type: string;
  entity_id: string;
  changes: Record<string, { old?: unknown; new?: unknown }>;
  via: Cause['via'];
  request_id: string | null;
  ip_address: string | null;
  user_agent: string | null;
}

/** Rows that are themselves a record of what happened need no record of theirs. */
const unaudited = new Set(['AuditLog', 'AuditSalt', 'AuditSeal', 'Notification', 'ThreadRead']);
/** Values that may never be read again, not even by who may read the audit log. */
const secret = new Set([
  'passwordHash',
  'tokenHash',
  'keyHash',
  'sealedValue',
  'checkoutUrl',
  'sealedSecret',
  'previousSealedSecret',
]);
/** Large or derived values: that they changed is said, not how. */
const bulky = new Set(['data', 'body', 'webhookPayload']);
const maxValueLength = 1000;

function describe(name: string, value: unknown): unknown {
  if (value === undefined || value === null) return value ?? null;
  if (secret.has(name)) return '[redacted]';
  if (typeof value === 'string' && value.length > maxValueLength) return `${value.slice(0, maxValueLength)}…`;
  if (bulky.has(name) && typeof value !== 'string') return '[large]';
  return value;
}

const actions = {
  [ChangeSetType.CREATE]: 'create',
  [ChangeSetType.UPDATE]: 'update',
  [ChangeSetType.UPDATE_EARLY]: 'update',
  [ChangeSetType.DELETE]: 'delete',
  [ChangeSetType.DELETE_EARLY]: 'delete',
} as const;

function toRow(change: ChangeSet<object>, cause: Cause): AuditRow | undefined {
  const isUpdate = change.type === ChangeSetType.UPDATE || change.type === ChangeSetType.UPDATE_EARLY;
  const isDelete = change.type === ChangeSetType.DELETE || change.type === ChangeSetType.DELETE_EARLY;
  const entity = change.entity as Record<string, string | number | null | undefined>;
  const before = change.originalEntity as Record<string, unknown> | undefined;
  const changes: AuditRow['changes'] = {};
  for (const [name, value] of Object.entries(isDelete ? {} : change.payload)) {
    if (name === 'updatedAt' || name === 'rowVersion' || name === 'id') continue;
    changes[name] = isUpdate
      ? { old: describe(name, before?.[name]), new: describe(name, value) }
      : { new: describe(name, value) };
  }
  if (isUpdate && Object.keys(changes).length === 0) return undefined;
  const meta = change.meta;
  const entityId = meta.primaryKeys.map((key) => String(entity[key] ?? '')).join(' ');
  const natural =
    meta.className === 'CasbinRule'
      ? ['ptype', 'v0', 'v1', 'v2', 'v3']
          .map((column) => entity[column] ?? '')
          .join(' ')
          .trimEnd()
      : entityId;
  const projectId = meta.className === 'Project' ? entity['id'] : entity['projectId'];
  const deletedNow = isUpdate && changes['deletedAt']?.new && !changes['deletedAt'].old;
  const restoredNow = isUpdate && changes['deletedAt']?.old && !changes['deletedAt'].new;
  return {
    id: uuidv7(),
    user_id: cause.actorId,
    project_id: typeof projectId === 'string' ? projectId : null,
    action: deletedNow ? 'delete' : restoredNow ? 'restore' : actions[change.type],
    entity_type: meta.tableName,
    entity_id: natural.slice(0, 200),
    changes,
    via: cause.via,
    request_id: cause.requestId ?? null,
    ip_address: cause.ipAddress ?? null,
    user_agent: cause.userAgent?.slice(0, 500) ?? null,
  };
}

/** Turns what a flush changes into rows of `audit_logs`, written in the same transaction. */
export class AuditSubscriber implements EventSubscriber {
  onFlush(args: FlushEventArgs): void {
    const em = args.em as EntityManager;
    const changes = args.uow.getChangeSets().filter((change) => !unaudited.has(change.meta.className));
    if (changes.length === 0) return;
    const cause = causeOf(em);
    const rows = changes
      .map((change) => toRow(change as ChangeSet<object>, cause))
      .filter((row) => row !== undefined);
    if (rows.length > 0) recordOf(em).audits.push(...rows);
  }
}

/** Records what no flush shows: a bulk verb (once, with counts), a sign-in, a denial. */
export function audit(
  em: EntityManager,
  record: {
    action: string;
    entityType: string;
    entityId: string;
    projectId?: string;
    changes?: AuditRow['changes'];
  },
): void {
  const cause = causeOf(em);
  recordOf(em).audits.push({
    id: uuidv7(),
    user_id: cause.actorId,
    project_id: record.projectId ?? null,
    action: record.action,
    entity_type: record.entityType,
    entity_id: record.entityId,
    changes: record.changes ?? {},
    via: cause.via,
    request_id: cause.requestId ?? null,
    ip_address: cause.ipAddress ?? null,
    user_agent: cause.userAgent?.slice(0, 500) ?? null,
  });
}
