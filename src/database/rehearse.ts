import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type Cause, transact } from './transaction.ts';

/** Does what `work` does in a transaction that is then rolled back: it tells, or throws, what would come of it. */
export async function rehearse<T>(
  orm: MikroORM,
  cause: Cause,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const over = { result: undefined as T };
  try {
    await transact(orm, cause, async (em) => {
      over.result = await work(em);
      await em.flush();
      throw over;
    });
  } catch (error) {
    if (error !== over) throw error;
  }
  return over.result;
}
