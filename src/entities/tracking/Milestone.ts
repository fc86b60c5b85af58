import { defineEntity, p } from '@mikro-orm/core';
import { TesseraError } from '../../errors.ts';
import { createdAt, deletedAt, id, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { type TaskStatus, checkTransition, taskStatuses } from './taskStatus.ts';
import { searchIndexes, workSearch } from '../searchIndexes.ts';

/**
 * A goal of the project with a time for it. `progress` is the share of its tasks that are completed, in
 * percent; triggers of the database keep it, and nothing else can.
 */
export const MilestoneSchema = defineEntity({
  name: 'Milestone',
  tableName: 'milestones',
  indexes: [
    { name: 'milestones_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    { name: 'milestones_status_index', properties: ['projectId', 'status'] },
    ...searchIndexes('milestones', workSearch('description')),
  ],
  checks: [
    { name: 'milestones_dates', expression: 'end_date >= start_date' },
    { name: 'milestones_progress_percent', expression: 'progress >= 0 and progress <= 100' },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    title: text(255),
    description: p.text().default(''),
    startAt: p.datetime().columnType('timestamptz(3)').fieldName('start_date'),
    endAt: p.datetime().columnType('timestamptz(3)').fieldName('end_date'),
    status: p.enum(taskStatuses).nativeEnumName('task_status').default('NOT_STARTED'),
    progress: p.integer().default(0),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Milestone extends MilestoneSchema.class {
  /** @throws BAD_INPUT when it would end before it starts. */
  schedule(startAt: Date, endAt: Date): void {
    if (endAt < startAt)
      throw new TesseraError('BAD_INPUT', {}, { fields: { endAt: 'must not be before startAt' } });
    this.startAt = startAt;
    this.endAt = endAt;
  }

  /** @throws STATUS_NOT_ALLOWED */
  moveTo(status: TaskStatus): void {
    checkTransition('milestone', this.status, status);
    this.status = status;
  }
}
MilestoneSchema.setClass(Milestone);
