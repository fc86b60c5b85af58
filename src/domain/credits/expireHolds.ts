import type { MikroORM } from '@mikro-orm/postgresql';
import { systemCause, transact } from '../../database/transaction.ts';
import { announceBalance } from './announceBalance.ts';
import { repayDebt } from './moveCredits.ts';
import { expireHold } from './sql/endHold.ts';

/** A job that runs delivers, and ends its hold itself; if its worker dies, another takes the job within seconds. */
const overdue = `
select h.id from credit_holds h join jobs j on j.id = h.job_id
where h.status = 'held' and h.expires_at <= now() and j.status <> 'running'
order by h.expires_at limit 500`;

/** Gives back what is held beyond its time, each hold in a transaction of its own. @returns how many it were. */
export async function expireHolds(orm: MikroORM): Promise<number> {
  const rows: { id: string }[] = await orm.em.fork().getConnection().execute(overdue);
  let ended = 0;
  for (const { id } of rows) {
    await transact(orm, systemCause, async (em) => {
      const account = await expireHold(em, id);
      if (!account) return;
      announceBalance(em, await repayDebt(em, account));
      ended += 1;
    });
  }
  return ended;
}
