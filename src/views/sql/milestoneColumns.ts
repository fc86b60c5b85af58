/** The columns of `MilestoneView` of a milestone `m`. */
export const milestoneColumns = `
  m.id, m.project_id as "projectId", m.title, m.description, m.status, m.progress, m.created_by as "createdBy",
  m.row_version as version, m.start_date as "startAt", m.end_date as "endAt", m.created_at as "createdAt",
  m.updated_at as "updatedAt"`;
