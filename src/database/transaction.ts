import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';

/** Who causes a change, and by which way: what the audit log and events say of it. */
export interface Cause {
  actorId: string | null;
  via: 'session' | 'api_key' | 'worker' | 'system';
  requestId?: string | null;
  ipAddress?: string | null;
  userAgent?: string | null;
  /** Client-made; echoed in events so that an optimistic front end can reconcile. */
  mutationId?: string | null;
}

/** The cause of what the program does by itself. */
export const systemCause: Cause = { actorId: null, via: 'system' };

type Hook = (em: EntityManager) => Promise<void>;

interface Transaction {
  orm: MikroORM;
  cause: Cause;
  beforeCommit: Hook[];
  afterCommit: (() => void)[];
}

const transactions = new WeakMap<EntityManager, Transaction>();

function transactionOf(em: EntityManager): Transaction {
  const transaction = transactions.get(em);
  if (!transaction) throw new Error('This EntityManager is not inside transact(): verbs run only there.');
  return transaction;
}

/** Who causes the changes of this transaction. */
export function causeOf(em: EntityManager): Cause {
  return transactionOf(em).cause;
}

/** The ORM that the transaction belongs to: one per running server. */
export function ormOf(em: EntityManager): MikroORM {
  return transactionOf(em).orm;
}

/** Runs `hook` after the unit of work is flushed, in the transaction, as late as can be; in order of calls. */
export function beforeCommit(em: EntityManager, hook: Hook): void {
  transactionOf(em).beforeCommit.push(hook);
}

/** Runs `hook` once the transaction has committed; it must not throw. */
export function afterCommit(em: EntityManager, hook: () => void): void {
  transactionOf(em).afterCommit.push(hook);
}

const retryable = new Set(['40001', '40P01']);

function isRetryable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && retryable.has(at.code)) return true;
  }
  return false;
}

async function attempt<T>(orm: MikroORM, cause: Cause, work: (em: EntityManager) => Promise<T>): Promise<T> {
  const em = orm.em.fork() as EntityManager;
  const transaction: Transaction = { orm, cause, beforeCommit: [], afterCommit: [] };
  transactions.set(em, transaction);
  await em.begin();
  let result: T;
  try {
    result = await work(em);
    await em.flush();
    // A hook may add another: the length is read anew.
    for (let index = 0; index < transaction.beforeCommit.length; index += 1)
      await transaction.beforeCommit[index]?.(em);
    await em.commit();
  } catch (error) {
    // Where the connection is gone, so is the transaction; what matters is why the work failed.
    await em.rollback().catch(() => {});
    throw error;
  }
  for (const hook of transaction.afterCommit) hook();
  return result;
}

/**
 * The one way to change data: runs `work` in a transaction on an EntityManager of its own, flushes it, runs
 * the hooks and commits, or rolls all of it back. Serialization failures and deadlocks (40001, 40P01) are
 * tried again up to five times, so `work` must change nothing outside the database.
 */
export async function transact<T>(
  orm: MikroORM,
  cause: Cause,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt(orm, cause, work);
    } catch (error) {
      if (failures === 5 || !isRetryable(error)) throw error;
      const milliseconds = Math.random() * 10 * 2 ** failures;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    }
  }
}
