/** The columns of `WebhookView` of a webhook `w`. */
export const webhookColumns = `
  w.id, w.project_id as "projectId", w.url, w.events, w.active, w.disabled_reason as "disabledReason", w.description,
  w.created_by as "createdBy", coalesce(w.responsible_id, w.created_by) as "responsibleId",
  w.row_version as version, w.created_at as "createdAt", w.updated_at as "updatedAt"`;
