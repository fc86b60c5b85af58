/** The columns of `ServiceView` of a service `s`. */
export const serviceColumns = `
  s.id, s.project_id as "projectId", s.name, s.url, s.health_check as "healthCheck", s.status,
  s.row_version as version, s.last_check as "lastCheckAt", s.created_at as "createdAt", s.updated_at as "updatedAt"`;
