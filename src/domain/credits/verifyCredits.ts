import type { MikroORM } from '@mikro-orm/postgresql';
import { IsolationLevel } from '@mikro-orm/postgresql';
import { invariants } from './sql/differences.ts';

/** Something that does not agree, in a sentence. */
export interface Difference {
  id: string;
  sentence: string;
}

interface Row {
  id: string;
  found: string;
  expected: string;
}

/**
 * Compares what is cached (balances, what is held, debts, costs) with the records it follows from, all of it as
 * of one instant, so that it may run while credits move.
 * @returns every difference; none when all is well.
 */
export async function verifyCredits(orm: MikroORM): Promise<Difference[]> {
  const em = orm.em.fork();
  return em.transactional(
    async (reading) => {
      const differences: Difference[] = [];
      for (const { sentence, sql } of invariants) {
        const rows: Row[] = await reading.execute(sql);
        for (const { id, found, expected } of rows)
          differences.push({
            id,
            sentence: sentence
              .replace('{id}', id)
              .replace('{found}', () => found)
              .replace('{expected}', () => expected),
          });
      }
      return differences;
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
  );
}
