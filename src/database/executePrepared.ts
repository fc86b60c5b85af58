import { CompiledQuery, type ControlledTransaction } from 'kysely';
import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Runs a statement with parameters `$1, $2 …` in the transaction of `em`, prepared once per connection.
 * `em.execute` writes the values into the text instead, which PostgreSQL parses and plans anew each time:
 * for hot statements that is more work than the statement itself.
 */
export async function executePrepared<Row>(
  em: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const transaction = em.getTransactionContext<ControlledTransaction<unknown>>();
  if (!transaction) throw new Error('A prepared statement runs only inside transact().');
  const { rows } = await transaction.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
  return rows;
}
