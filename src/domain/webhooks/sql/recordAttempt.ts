import type pg from 'pg';
import type { Verdict } from '../judgeAnswer.ts';

export interface Recorded {
  id: string;
  /** Which attempt it was. */
  attempts: number;
  verdict: Pick<Verdict, 'isDelivered' | 'failure' | 'retryMs'>;
  durationMs: number;
  httpStatus: number | null;
  errorMessage: string | null;
  responseBody: string | null;
}

/**
 * The log gets every attempt; the delivery only its latest, and only while it still waits: an attempt whose lease
 * ran out may come after another.
 */
const text = `
with logged as (
  update webhook_attempts set duration_ms = $4, http_status = $5, error_message = $6, response_body = $7
  where delivery_id = $1 and number = $2
)
update webhook_deliveries set
  status = $3::delivery_status,
  failure = $8,
  http_status = $5, error_message = $6,
  next_attempt_at = case when $3 = 'pending' then now() + make_interval(secs => $9::float8 / 1000) end,
  delivered_at = case when $3 = 'delivered' then now() end,
  leased_until = null, updated_at = now()
where id = $1 and attempts = $2 and status = 'pending'`;

/** Writes down what became of an attempt. @returns false when the delivery is no longer this worker's. */
export async function recordAttempt(pool: pg.Pool, attempt: Recorded): Promise<boolean> {
  const { isDelivered, failure, retryMs } = attempt.verdict;
  const { id, attempts, durationMs, httpStatus, errorMessage, responseBody } = attempt;
  const status = isDelivered ? 'delivered' : failure === null ? 'pending' : 'failed';
  const values = [id, attempts, status, durationMs, httpStatus, errorMessage, responseBody, failure, retryMs];
  return (await pool.query({ name: 'record webhook attempt', text, values })).rowCount === 1;
}
