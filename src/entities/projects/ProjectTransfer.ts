import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from './Project.ts';

/** A project that was offered to somebody. Until they accept nothing changes; of a project one offer stands at a time. */
export const ProjectTransferSchema = defineEntity({
  name: 'ProjectTransfer',
  tableName: 'project_transfers',
  uniques: [
    {
      name: 'project_transfers_pending_unique',
      expression: `create unique index "project_transfers_pending_unique" on "project_transfers" ("project_id") where "status" = 'pending'`,
    },
  ],
  checks: [
    { name: 'project_transfers_resolved', expression: `(status = 'pending') = (resolved_at is null)` },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    /** Who offered it. */
    fromId: () => p.manyToOne(Actor).mapToPk().deleteRule('cascade').index(),
    /** A person, or an organization, for which one of its owners answers. */
    toId: () => p.manyToOne(Actor).mapToPk().deleteRule('cascade').index(),
    status: p
      .enum(['pending', 'accepted', 'declined', 'cancelled', 'expired'] as const)
      .nativeEnumName('transfer_status')
      .default('pending'),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
    resolvedAt: moment(),
    resolvedBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    createdAt: createdAt(),
  },
});

export class ProjectTransfer extends ProjectTransferSchema.class {
  /** What it is at that time: an offer that nobody answered ends by itself. */
  statusAt(now: Date): ProjectTransfer['status'] {
    return this.status === 'pending' && this.expiresAt <= now ? 'expired' : this.status;
  }

  /** Ends it, once. */
  resolve(status: Exclude<ProjectTransfer['status'], 'pending'>, by: string | null, now: Date): void {
    if (this.status !== 'pending') throw new Error(`The offer ${this.id} has ended already.`);
    this.status = status;
    this.resolvedAt = now;
    this.resolvedBy = by;
  }
}
ProjectTransferSchema.setClass(ProjectTransfer);
