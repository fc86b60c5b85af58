import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';
import { Task } from './Task.ts';

/** That it was said that a task is due at this moment: once, however many workers look and however often they start. */
export const TaskReminderSchema = defineEntity({
  name: 'TaskReminder',
  tableName: 'task_reminders',
  properties: {
    taskId: () => p.manyToOne(Task).mapToPk().primary().deleteRule('cascade'),
    dueAt: p.datetime().columnType('timestamptz(3)').fieldName('due_date').primary(),
    createdAt: createdAt(),
  },
});

export class TaskReminder extends TaskReminderSchema.class {}
TaskReminderSchema.setClass(TaskReminder);
