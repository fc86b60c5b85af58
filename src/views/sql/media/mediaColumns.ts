/** The columns of `MediaRow` of a media file `m`. */
export const mediaColumns = `
  m.id, m.project_id as "projectId", m.user_id as "userId", m.name, m.media_type as "mediaType", m.status, m.mimetype,
  m.size_bytes::float8 as "sizeBytes", m.duration_seconds::float8 as "durationSeconds", m.sha256,
  m.derived_from as "derivedFrom", m.metadata, m.error_code as "errorCode", m.error_message as "errorMessage",
  m.created_at as "createdAt", m.updated_at as "updatedAt"`;
