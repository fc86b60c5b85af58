/** The columns of `jobs` under the names of `JobRow`, for statements that call the table `j`. */
export const jobColumns = `
  j.id, j.project_id as "projectId", j.user_id as "userId", j.job_type as "jobType", j.status, j.progress, j.attempts,
  j.error_code as "errorCode", j.error_message as "errorMessage", j.created_at as "createdAt",
  j.priority, j.cost_credits::float8 as "costCredits", j.stages, j.updated_at as "updatedAt", j.started_at as "startedAt", j.finished_at as "finishedAt"`;
