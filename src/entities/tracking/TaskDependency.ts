import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from '../columns.ts';
import { Project } from '../projects/Project.ts';
import { Task } from './Task.ts';

/** `taskId` waits for `dependsOn`: it is blocked until that one is completed or deleted. */
export const TaskDependencySchema = defineEntity({
  name: 'TaskDependency',
  tableName: 'task_dependencies',
  uniques: [{ name: 'task_dependencies_pair_unique', properties: ['taskId', 'dependsOn'] }],
  checks: [{ name: 'task_dependencies_not_itself', expression: 'task_id <> depends_on' }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    taskId: () => p.manyToOne(Task).mapToPk().deleteRule('cascade'),
    dependsOn: () => p.manyToOne(Task).mapToPk().deleteRule('cascade').index(),
    createdAt: createdAt(),
  },
});

export class TaskDependency extends TaskDependencySchema.class {}
TaskDependencySchema.setClass(TaskDependency);
