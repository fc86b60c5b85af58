import type { EntityManager } from '@mikro-orm/postgresql';
import { transact } from '../database/transaction.ts';
import type { Call } from './Call.ts';

/**
 * Like `ctx.write`, for calls that prove in their input who acts: by a password or the secret of a link. The
 * audit log names that actor. A mutationId does not count here: it would keep a fast hash of the password,
 * and a retry could be answered only by keeping the session's token.
 */
export async function writeAs<T, V>(
  ctx: Call,
  actorId: string,
  verb: (em: EntityManager) => Promise<T>,
  view: (result: T, em: EntityManager) => V | Promise<V>,
): Promise<V> {
  return transact(ctx.orm, { ...ctx.cause, actorId, via: 'session', mutationId: null }, async (em) => {
    const result = await verb(em);
    await em.flush();
    return view(result, em);
  });
}
