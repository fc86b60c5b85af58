/** The columns of `InstitutionView` of an institution `i`. */
export const institutionColumns = `
  i.id, i.name, i.identifier, i.homepage, i.ror_id as "rorId", i.metadata, i.row_version as version,
  i.created_at as "createdAt", i.updated_at as "updatedAt"`;
