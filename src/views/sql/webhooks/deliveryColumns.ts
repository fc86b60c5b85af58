/** The columns of `DeliveryView` of a delivery `d`. */
export const deliveryColumns = `
  d.id, d.webhook_id as "webhookId", d.event_type as "eventType",
  case when d.event_stream like 'project:%' then d.event_seq::float8 end as seq, d.status, d.failure, d.attempts,
  d.http_status as "httpStatus", d.error_message as "errorMessage", d.next_attempt_at as "nextAttemptAt",
  d.delivered_at as "deliveredAt", d.created_at as "createdAt", d.updated_at as "updatedAt"`;
