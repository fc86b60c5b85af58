import { actorJson } from './actorJson.ts';

/** The columns of `IssueView` of an issue `i`, its author `a` and its assignee `s`. */
export const issueColumns = `
  i.id, i.project_id as "projectId", i.number, i.title, i.body, i.state, ${actorJson('a')} as author,
  ${actorJson('s')} as assignee, i.labels, i.metadata, i.closed_by as "closedBy", i.row_version as version,
  i.closed_at as "closedAt", i.created_at as "createdAt", i.updated_at as "updatedAt"`;
