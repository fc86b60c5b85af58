import type pg from 'pg';
import type { BackgroundWork, RecurringHealth } from '../../health.ts';

/** graphile-worker keeps when it last queued each, and the entry in the queue of one that failed until its next run. */
const text = `
select w.name, w.schedule, k.last_execution::timestamptz(3) as "lastRunAt", coalesce(j.locked_at is not null, false) as "isRunning",
  case when j.locked_at is null then j.last_error end as error
from unnest($1::text[], $2::text[]) with ordinality as w (name, schedule, position)
left join graphile_worker._private_known_crontabs k on k.identifier = w.name
left join graphile_worker._private_jobs j on j.key = w.name
order by w.position`;

/** When recurring work last came, and how that ended. */
export async function readRecurringHealth(
  reads: pg.Pool,
  recurring: BackgroundWork['recurring'],
): Promise<RecurringHealth[]> {
  const values = [recurring.map(({ name }) => name), recurring.map(({ schedule }) => schedule)];
  return (await reads.query<RecurringHealth>({ name: 'read recurring health', text, values })).rows;
}
