import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';
import { Project } from '../projects/Project.ts';
import { taskStatuses } from './taskStatus.ts';

/**
 * What a task was from a moment on: written by a trigger of the database whenever its milestone, its status
 * or its being deleted changes, and never changed. It names task and milestone without referring to them, so
 * that the past stays as it was when they are purged.
 */
export const TaskEventSchema = defineEntity({
  name: 'TaskEvent',
  tableName: 'task_events',
  properties: {
    taskId: p.uuid().primary(),
    /** 1, 2, 3 … for each task. */
    number: p.integer().primary(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    milestoneId: p.uuid().nullable().index(),
    status: p.enum(taskStatuses).nativeEnumName('task_status'),
    isDeleted: p.boolean(),
    createdAt: createdAt(),
  },
});

export class TaskEvent extends TaskEventSchema.class {}
TaskEventSchema.setClass(TaskEvent);
