import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/** A sequence would leave a gap for each transaction that is rolled back; this row is rolled back with it. */
const sql = `
insert into issue_counters as c (project_id, last_number) values ($1, 1)
on conflict (project_id) do update set last_number = c.last_number + 1
returning last_number as number`;

/** The number of the project's next issue. Nobody else gets one until the transaction is over. */
export async function takeIssueNumber(em: EntityManager, projectId: string): Promise<number> {
  const rows = await executePrepared<{ number: number }>(em, sql, [projectId]);
  return Number(rows[0]?.number);
}
