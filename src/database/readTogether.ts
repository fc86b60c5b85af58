import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { systemCause, transact } from './transaction.ts';

/** Runs reads that all see the database as it stands in one instant; a write in there fails. */
export function readTogether<T>(orm: MikroORM, work: (em: EntityManager) => Promise<T>): Promise<T> {
  return transact(orm, systemCause, async (em) => {
    await em.execute('set transaction isolation level repeatable read, read only');
    return work(em);
  });
}
