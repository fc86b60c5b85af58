/** The columns of `TargetView` of a target `t`. */
export const targetColumns = `
  t.id, t.project_id as "projectId", t.language_code as "languageCode", t.publish_domain as "publishDomain",
  t.branch_name as "branchName", t.status, t.row_version as version, t.created_at as "createdAt",
  t.updated_at as "updatedAt"`;
