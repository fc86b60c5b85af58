import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
insert into thread_subscriptions as s (thread_id, actor_id, state) values (?, ?, ?::thread_subscription_state)
on conflict (thread_id, actor_id) do update set state = excluded.state, updated_at = now()
where s.state <> excluded.state
returning state`;

/** @returns false when the actor had made this choice already. */
export async function putSubscription(
  em: EntityManager,
  choice: { threadId: string; actorId: string; state: 'subscribed' | 'muted' },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [choice.threadId, choice.actorId, choice.state]);
  return rows.length > 0;
}
