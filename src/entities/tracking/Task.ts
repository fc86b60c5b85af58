import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, moment, text, updatedAt } from '../columns.ts';
import { deletedIndex } from '../deletedIndex.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { Milestone } from './Milestone.ts';
import { type TaskStatus, checkTransition, taskStatuses } from './taskStatus.ts';
import { searchIndexes, workSearch } from '../searchIndexes.ts';

export const priorities = ['LOW', 'MEDIUM', 'HIGH'] as const;

/** A piece of work, with or without a milestone. */
export const TaskSchema = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  indexes: [
    { name: 'tasks_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    { name: 'tasks_status_index', properties: ['projectId', 'status'] },
    deletedIndex('tasks'),
    {
      name: 'tasks_due_date_index',
      expression: `create index "tasks_due_date_index" on "tasks" ("due_date") where "deleted_at" is null and "status" <> 'COMPLETED'`,
    },
    ...searchIndexes('tasks', workSearch('description')),
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    milestoneId: () => p.manyToOne(Milestone).mapToPk().nullable().deleteRule('set null').index(),
    title: text(255),
    description: p.text().default(''),
    status: p.enum(taskStatuses).nativeEnumName('task_status').default('NOT_STARTED'),
    priority: p.enum(priorities).nativeEnumName('priority_type').default('MEDIUM'),
    assigneeId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    dueAt: moment().fieldName('due_date'),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Task extends TaskSchema.class {
  /** @throws STATUS_NOT_ALLOWED */
  moveTo(status: TaskStatus): void {
    checkTransition('task', this.status, status);
    this.status = status;
  }
}
TaskSchema.setClass(Task);
