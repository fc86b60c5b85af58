import { actorJson } from './actorJson.ts';

/** Whether a task `t` waits for one that is neither completed nor deleted. */
export const isBlocked = `exists (
    select from task_dependencies d join tasks b on b.id = d.depends_on
    where d.task_id = t.id and b.status <> 'COMPLETED' and b.deleted_at is null
  )`;

/** The columns of `TaskView` of a task `t` and its assignee `a`. */
export const taskColumns = `
  t.id, t.project_id as "projectId", t.milestone_id as "milestoneId", t.title, t.description, t.status, ${isBlocked} as "isBlocked",
  t.priority, ${actorJson('a')} as assignee, t.created_by as "createdBy", t.row_version as version, t.due_date as "dueAt",
  t.created_at as "createdAt", t.updated_at as "updatedAt"`;
