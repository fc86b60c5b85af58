import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { afterCommit, ormOf } from '../../database/transaction.ts';

const senders = new WeakMap<MikroORM, () => void>();

/** Says who sends the webhooks of this server; without a word they are sent by other processes alone. */
export function wakeSendersBy(orm: MikroORM, wake: () => void): void {
  senders.set(orm, wake);
}

/**
 * Has what this transaction queued sent as soon as it has committed, if this process sends webhooks: those of
 * others find it within a second.
 */
export function wakeSenders(em: EntityManager): void {
  const orm = ormOf(em);
  afterCommit(em, () => senders.get(orm)?.());
}
