import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { type Cause, transact } from '../../database/transaction.ts';
import { audit } from '../../events/audit.ts';
import { eraseActors } from './eraseActors.ts';
import { type PurgePlan, purgePlans } from './purgePlans.ts';

const cause: Cause = { actorId: null, via: 'worker' };
const batchSize = 200;

/** Rows that somebody is about to restore are locked, and left for the next time. */
const find = ({ table, neededBy, batch = batchSize }: PurgePlan) => `
select t.id from ${table} t
where t.deleted_at < now() - make_interval(days => $1)${neededBy ? ` and not (${neededBy})` : ''}
order by t.deleted_at limit ${batch} for update skip locked`;

/** Removes a batch, children first, and leaves one line in the audit log. @returns how many rows. */
async function purgeBatch(em: EntityManager, plan: PurgePlan, days: number): Promise<number> {
  const rows = await executePrepared<{ id: string }>(em, find(plan), [days]);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  for (const statement of plan.first ?? []) await executePrepared(em, statement, [ids]);
  await executePrepared(em, `delete from ${plan.table} where id = any($1::uuid[])`, [ids]);
  audit(em, {
    action: 'purge',
    entityType: plan.table,
    entityId: ids.length === 1 ? (ids[0] ?? '') : `${ids.length} rows`,
    changes: { count: { new: ids.length }, ids: { new: ids } },
  });
  return ids.length;
}

/**
 * Removes for good what was deleted more than `days` ago, table by table, in transactions of their own, so that
 * an interruption loses nothing; what something still needs is kept until it does not. Of actors it first erases
 * who they were.
 * @returns table → rows removed, for those that lost any.
 */
export async function purgeDeleted(orm: MikroORM, days: number): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  while (await transact(orm, cause, (em) => eraseActors(em, days)));
  for (const plan of purgePlans) {
    // Until nothing is found: what goes may have been the last that needed another row of the table.
    for (;;) {
      const rows = await transact(orm, cause, (em) => purgeBatch(em, plan, days));
      if (rows === 0) break;
      removed[plan.table] = (removed[plan.table] ?? 0) + rows;
    }
  }
  return removed;
}
